/** From readouts to one verdict per exchange. */
package dev.plumbline.core.score;
