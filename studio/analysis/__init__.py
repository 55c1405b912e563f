"""Looking inside the networks: what their maps answer to, what they hear, what they mix up."""
