"""The rules of billing, pure: calendars, proration, money, and the account's decider."""
