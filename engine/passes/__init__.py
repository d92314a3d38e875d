"""Forward and backward: the plan, the stepper that is explained, the compiled function that trains."""
