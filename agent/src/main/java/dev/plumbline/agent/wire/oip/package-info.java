/**
 * The Open Inference Protocol on the wire: tensors, inference requests and answers in JSON, in the
 * binary extension and in gRPC messages. Pure: bytes in, values out. Whatever the form, a tensor's
 * elements are held as the protocol's binary form has them: little-endian, row-major.
 *
 * <p>Specified by KServe's open inference protocol and Triton's extensions {@code binary_data},
 * {@code shared_memory} and {@code parameters}.
 */
package dev.plumbline.agent.wire.oip;
