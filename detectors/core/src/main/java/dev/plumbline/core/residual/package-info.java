/** Where a hidden state sits in a decoder, in this project's words and in other engines'. */
package dev.plumbline.core.residual;
