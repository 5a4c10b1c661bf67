"""doctor: what is seen of runner, clouds and forge, and what to make of it."""
