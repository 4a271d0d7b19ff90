/** {@code plumbline learn direction} and {@code plumbline direction show | calibrate}. */
package dev.plumbline.learn.direction.cli;
