/** System shared memory that clients and model servers hand tensors over in. */
package dev.plumbline.agent.shm;
