"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "9ff5f9882ba34e5556a8ff41ed1f32745db17d7406b8bf0d6b0f27f694906b51"
