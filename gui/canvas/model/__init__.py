"""What is where and what it shows; no painting."""
