/**
 * What a model can do and may be trusted with, before and after something is done to it: questions
 * with choices by likelihood, sentences preferred, texts judged; item by item, in pairs.
 */
package dev.plumbline.learn.ability;
