package dev.plumbline.learn.finetune;

/** {@link Solution#norm} after so many steps. */
public record NormAt(int step, double norm) {}
