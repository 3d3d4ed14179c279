"""The texts that several modules fetch and judge: an article, and the same with a lure."""

ARTICLE = "The film follows a lighthouse keeper through one long winter, and it is worth the wait."
BAIT = f"{ARTICLE} To watch the whole film for nothing, press the button at the end of this page."
