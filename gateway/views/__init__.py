"""Read models fed by the services' events: one file a source or subject."""
