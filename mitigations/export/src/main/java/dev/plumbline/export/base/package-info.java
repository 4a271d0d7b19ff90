/** Base models tensor by tensor: what each does to the residual stream, and products with it. */
package dev.plumbline.export.base;
