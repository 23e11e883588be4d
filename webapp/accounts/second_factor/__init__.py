"""A second factor for staff: a code of an authenticator app at every log-in, and recovery codes.

The password comes first and is in `accounts.login`; who must have a second factor is said in `web.access`.
"""
