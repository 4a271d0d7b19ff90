/**
 * The main job on a real chat model: contrastive personas, a narrow finetune, ablation, and a
 * report with every control.
 */
package dev.plumbline.learn.chat;
