/**
 * Whether a direction means anything: its figures beside every control, alarms where a control is
 * not beaten, and how far it carries from one finetune to another.
 */
package dev.plumbline.learn.evaluate;
