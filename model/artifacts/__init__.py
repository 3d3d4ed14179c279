"""The shipped model. Its manifest is pinned here; ``baitwatch train --ship`` writes this file."""

MANIFEST_SHA256 = "bfbdaf30364add4cd18832b1d5f68ccc4ecc0aba3b380ee03cd7764730a1caa6"
