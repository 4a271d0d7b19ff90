/** What an export leaves of a direction, measured on real activations. */
package dev.plumbline.export.residual;
