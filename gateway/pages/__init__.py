"""Pages for people: server-rendered, without a build step, Portuguese first."""
