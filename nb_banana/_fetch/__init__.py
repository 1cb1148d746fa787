"""Where bytes may come from, where requests may go, and how secrets are kept out of sight.

* ``urls``: may this picture URL be fetched; ``download`` fetches it under those rules.
* ``base_url``: one spelling of a provider's address, or one sentence saying what is wrong with it.
* ``unpacking``: what a server packed for the way, in small pieces; one coding at most.
* ``proxies``: which proxy the environment asks for.
* ``keys``: clean a pasted key, and mask keys in any text.

Everything here is a pure function except ``download``, which never sends a key, a cookie or a body.
"""
