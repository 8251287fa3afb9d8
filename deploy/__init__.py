"""How Vigência is brought to life: private servers and a supervised stack on one machine, images, monitoring."""
