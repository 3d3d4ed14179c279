"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "7d102f148ebf14924e91ed8096827ee88cdf0263da5e5f99625eae62494069ca"
