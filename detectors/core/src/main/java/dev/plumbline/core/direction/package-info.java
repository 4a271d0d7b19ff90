/** Directions, for editing, and linear readouts, for detection. */
package dev.plumbline.core.direction;
