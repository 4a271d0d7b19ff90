package dev.plumbline.agent.wire.oip;

import dev.plumbline.agent.wire.oip.grpc.InferParameter;
import java.util.HashMap;
import java.util.Map;

/** Parameters in their gRPC form. */
final class GrpcParameters {
  private GrpcParameters() {}

  static Parameters read(Map<String, InferParameter> message) {
    Map<String, Object> values = new HashMap<>();
    message.forEach((name, value) -> values.put(name, value(name, value)));
    return new Parameters(values);
  }

  private static Object value(String name, InferParameter value) {
    return switch (value.getParameterChoiceCase()) {
      case BOOL_PARAM -> value.getBoolParam();
      case INT64_PARAM -> value.getInt64Param();
      case STRING_PARAM -> value.getStringParam();
      case DOUBLE_PARAM -> value.getDoubleParam();
      case UINT64_PARAM -> value.getUint64Param();
      case PARAMETERCHOICE_NOT_SET ->
          throw OipException.invalid("parameter " + name, "a value", "none", "set one");
    };
  }

  static Map<String, InferParameter> write(Parameters parameters) {
    Map<String, InferParameter> message = new HashMap<>();
    parameters.values().forEach((name, value) -> message.put(name, message(value)));
    return message;
  }

  private static InferParameter message(Object value) {
    InferParameter.Builder message = InferParameter.newBuilder();
    if (value instanceof Boolean flag) {
      message.setBoolParam(flag);
    } else if (value instanceof Long whole) {
      message.setInt64Param(whole);
    } else if (value instanceof Double number) {
      message.setDoubleParam(number);
    } else {
      message.setStringParam((String) value);
    }
    return message.build();
  }
}
