"""The moderators' web pages: server-rendered, without scripts, everything escaped."""
