/** Logistic regression with a ridge, on dense states and on sparse texts. Knows nothing else. */
package dev.plumbline.learn.direction.logistic;
