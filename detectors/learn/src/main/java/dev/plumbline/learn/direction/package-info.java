/**
 * From judged answers to a direction artefact: activations, contrasts, the probe, its calibration
 * and the evaluation with every control.
 */
package dev.plumbline.learn.direction;
