"""Pictures of pages, for moderators who ask for one.

Camera (serving process) --a URL--> child: browser --every connection--> VettingProxy -> the web
                         <---a PNG--'        (the address policy of fetches, one deadline)
"""
