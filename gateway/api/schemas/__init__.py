"""The shapes of requests and answers. The services' own shapes are mirrored here: the gateway imports no service."""
