/** What other modules plug into the launcher. */
package dev.plumbline.core.spi;
