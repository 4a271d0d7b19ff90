/**
 * What a model knows at each checkpoint of its training: probes, information plane, and steering
 * vectors made from one checkpoint and given to another model (Qian et al., 2024).
 */
package dev.plumbline.learn.dynamics;
