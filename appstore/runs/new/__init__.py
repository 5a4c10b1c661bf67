"""new: the files of something new, from what is asked to what they say."""
