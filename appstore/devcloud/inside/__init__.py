"""The import root of the code that runs under the services' own Python; see `devcloud` in it."""
