"""What a signed-in person sees: reads releases, never writes one."""
