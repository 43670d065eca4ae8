package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.Protobuf.Field;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a server of gRPC says that it offers (grpc.reflection.v1, else v1alpha): its services, and of each its methods. Those of
 * gRPC itself are left out.
 */
final class GrpcReflection {
    private static final List<String> REVISIONS =
            List.of("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");
    private static final int MOST_SERVICES = 100;
    private static final int MOST_OFFERS = 1_000;

    /** Numbers of fields of reflection.proto and descriptor.proto. */
    private static final int FILE_OF_SYMBOL = 4;

    private static final int LIST_SERVICES = 7;
    private static final int FILES = 4;
    private static final int SERVICES = 6;

    private GrpcReflection() {}

    /**
     * @return {@code package.Service} and {@code package.Service/Method}; null where the server does not tell
     */
    static @Nullable List<String> offers(GrpcCalls calls) throws IOException {
        for (String revision : REVISIONS) {
            String method = revision + "/ServerReflectionInfo";
            GrpcCalls.Result listed = calls.call(method, List.of(Protobuf.text(LIST_SERVICES, "*")));
            if (listed.code() == GrpcCalls.OK) {
                List<String> services = services(listed.messages());
                return services == null ? null : withMethods(services, method, calls);
            }
            if (listed.code() != GrpcCalls.UNIMPLEMENTED) {
                return null;
            }
        }
        return null;
    }

    private static @Nullable List<String> services(List<byte[]> messages) {
        List<String> services = new ArrayList<>();
        boolean told = false;
        for (byte[] message : messages) {
            for (byte[] list : inner(message, SERVICES)) {
                told = true;
                for (byte[] service : inner(list, 1)) {
                    String name = name(service);
                    if (name != null && !name.startsWith("grpc.") && services.size() < MOST_SERVICES) {
                        services.add(name);
                    }
                }
            }
        }
        return told ? services : null;
    }

    private static List<String> withMethods(List<String> services, String method, GrpcCalls calls) throws IOException {
        SequencedSet<String> offers = new LinkedHashSet<>(services);
        if (services.isEmpty()) {
            return List.of();
        }
        GrpcCalls.Result described = calls.call(
                method,
                services.stream()
                        .map(service -> Protobuf.text(FILE_OF_SYMBOL, service))
                        .toList());
        for (byte[] message : described.messages()) {
            for (byte[] files : inner(message, FILES)) {
                for (byte[] file : inner(files, 1)) {
                    methods(file, offers);
                }
            }
        }
        return List.copyOf(offers);
    }

    /** @param file a FileDescriptorProto: 2 is its package, 6 its services; of those 1 is the name and 2 a method */
    private static void methods(byte[] file, SequencedSet<String> offers) {
        List<byte[]> packages = inner(file, 2);
        String prefix = packages.isEmpty() ? "" : new String(packages.getFirst(), StandardCharsets.UTF_8) + ".";
        for (byte[] service : inner(file, SERVICES)) {
            String name = name(service);
            if (name == null || !offers.contains(prefix + name)) {
                continue;
            }
            for (byte[] method : inner(service, 2)) {
                String called = name(method);
                if (called != null && offers.size() < MOST_OFFERS) {
                    offers.add(HealthAnswerParser.cut(prefix + name + "/" + called));
                }
            }
        }
    }

    private static @Nullable String name(byte[] message) {
        List<byte[]> names = inner(message, 1);
        String name =
                names.isEmpty() ? "" : HealthAnswerParser.cut(new String(names.getFirst(), StandardCharsets.UTF_8));
        return name.isBlank() ? null : name;
    }

    private static List<byte[]> inner(byte[] message, int number) {
        List<Field> fields = Protobuf.fields(message);
        return fields == null
                ? List.of()
                : fields.stream()
                        .filter(field -> field.number() == number)
                        .map(Field::bytes)
                        .toList();
    }
}
