import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * LowerTypeSwitches JAR...: gives each switch over types a method of its own that asks {@code instanceof} one type after the
 * other, in place of the call site that {@code SwitchBootstraps.typeSwitch} links when it is first met. The start-up cache
 * keeps lambdas and classes but none of those call sites: each of the eighty that a scan meets is a class written, verified
 * and loaded at run time. What a switch does stays as it is (JLS 15.28.2, {@code java.lang.runtime.SwitchBootstraps}). Give
 * the jars and what they use as the class path.
 */
final class LowerTypeSwitches {
    private static final MethodTypeDesc LOWERED =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object, ConstantDescs.CD_int);

    private LowerTypeSwitches() {}

    public static void main(String[] arguments) throws IOException {
        ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));
        for (String jar : arguments) {
            lower(classFile, Path.of(jar));
        }
    }

    private static void lower(ClassFile classFile, Path jar) throws IOException {
        Path lowered = jar.resolveSibling(jar.getFileName() + ".tmp");
        try (ZipFile from = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(lowered);
                ZipOutputStream to = new ZipOutputStream(out)) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                to.putNextEntry(copy);
                to.write(entry.getName().endsWith(".class") ? lowered(classFile, bytes) : bytes);
                to.closeEntry();
            }
        }
        Files.move(lowered, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] lowered(ClassFile classFile, byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        boolean any = model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .anyMatch(element ->
                        element instanceof InvokeDynamicInstruction instruction && !labels(instruction).isEmpty());
        if (!any) {
            return bytes;
        }
        List<List<ClassDesc>> switches = new ArrayList<>();
        boolean isInterface = model.flags().has(java.lang.reflect.AccessFlag.INTERFACE);
        ClassTransform calls = ClassTransform.transformingMethodBodies((builder, element) -> {
            List<ClassDesc> labels = element instanceof InvokeDynamicInstruction instruction
                    ? labels(instruction)
                    : List.of();
            if (labels.isEmpty()) {
                builder.with(element);
            } else {
                builder.invokestatic(model.thisClass().asSymbol(), name(switches.size()), LOWERED, isInterface);
                switches.add(labels);
            }
        });
        ClassTransform methods = new ClassTransform() {
            @Override
            public void accept(ClassBuilder builder, ClassElement element) {
                builder.with(element);
            }

            @Override
            public void atEnd(ClassBuilder builder) {
                for (int i = 0; i < switches.size(); i++) {
                    List<ClassDesc> labels = switches.get(i);
                    builder.withMethodBody(
                            name(i),
                            LOWERED,
                            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                            code -> body(code, labels));
                }
            }
        };
        return classFile.transformClass(model, calls.andThen(methods));
    }

    private static String name(int number) {
        return "switch$" + number;
    }

    /** The types of a switch that knows nothing but types; empty for every other call site. */
    private static List<ClassDesc> labels(InvokeDynamicInstruction instruction) {
        var bootstrap = instruction.bootstrapMethod();
        if (!bootstrap.owner().descriptorString().equals("Ljava/lang/runtime/SwitchBootstraps;")
                || !bootstrap.methodName().equals("typeSwitch")
                || instruction.typeSymbol().parameterType(0).isPrimitive()) {
            return List.of();
        }
        List<ClassDesc> labels = new ArrayList<>();
        for (ConstantDesc argument : instruction.bootstrapArgs()) {
            if (!(argument instanceof ClassDesc type) || type.isPrimitive()) {
                return List.of();
            }
            labels.add(type);
        }
        return labels;
    }

    /** -1 for null, else the first label at or after the one to start with whose type fits, else their number. */
    private static void body(CodeBuilder code, List<ClassDesc> labels) {
        Label known = code.newLabel();
        Label none = code.newLabel();
        code.aload(0).ifnonnull(known).iconst_m1().ireturn().labelBinding(known);
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            cases.add(SwitchCase.of(i, code.newLabel()));
        }
        code.iload(1).tableswitch(0, labels.size() - 1, none, cases);
        for (int i = 0; i < labels.size(); i++) {
            Label next = i + 1 < labels.size() ? cases.get(i + 1).target() : none;
            code.labelBinding(cases.get(i).target()).aload(0).instanceOf(labels.get(i)).ifeq(next).loadConstant(i).ireturn();
        }
        code.labelBinding(none).loadConstant(labels.size()).ireturn();
    }
}
