"""What the toolkit takes, measured on made-up returns."""
