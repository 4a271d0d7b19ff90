package dev.plumbline.export.residual;

import dev.plumbline.core.residual.TapPoint;

/**
 * What is left at one tap point, over all tokens read, in standard deviations of the aligned
 * projection: {@code (p − p')/s} with p the projection under the export and p' under the plan.
 *
 * @param point where
 * @param spread s, in residual units
 * @param untouched root mean square of the same without the export: what there is to take out
 * @param mean signed mean
 * @param rms root mean square: what the bound is held against
 * @param largest largest magnitude
 */
public record Remaining(
    TapPoint point, double spread, double untouched, double mean, double rms, double largest) {}
