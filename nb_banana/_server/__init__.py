"""Routes of the Jupyter server for the extension: read only, inside its root, for who may use the server."""
