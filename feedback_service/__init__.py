"""feedback: the customer's last word on a service that was done: confirmation, contest, score and comment."""
