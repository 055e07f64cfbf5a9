"""What people decide on the screen: a reason, a preview, a second yes, and a way back."""
