"""What happened, by the domain that says so. Below all domains, so that listening never imports upward."""
