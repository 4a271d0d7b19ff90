/** Which candidate direction is taken: by what it does to behaviour, or by held-out score. */
package dev.plumbline.learn.selection;
