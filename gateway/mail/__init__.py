"""E-mail to people: what is to be told to whom, in which words, when, and what became of it."""
