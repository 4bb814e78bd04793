"""What each framework's image does where the script does not say."""
