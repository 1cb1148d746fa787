"""Where bytes may come from, where requests may go, and how secrets are kept out of sight.

* ``urls``: may this picture URL be fetched; ``download`` fetches it under those rules.
* ``base_url``: one spelling of a provider's address, or one sentence saying what is wrong with it.
* ``unpacking``: what a server packed for the way, in small pieces; one coding at most.
* ``trust``: which certificates TLS is checked against.
* ``proxies``: which proxy the environment asks for.
* ``keys``: clean a pasted key, and mask keys in any text.

All of it is pure functions but for ``trust``, which reads files, and ``download``, which sends no cookie and
no body, and a key only where the user sends it anyway.
"""
