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
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * LowerTypeSwitches JAR...: gives each switch over types a method of its own that asks {@code instanceof} one type after the
 * other, in place of the call site that {@code SwitchBootstraps.typeSwitch} links when it is first met, and each record's
 * {@code equals} and {@code hashCode} one that compares or adds up its fields, in place of that of {@code ObjectMethods}. The
 * start-up cache keeps lambdas and classes but none of those call sites: each of the eighty switches that a scan meets is a
 * class written, verified and loaded at run time, each record that is a key a chain of method handles. What they do stays as
 * it is (JLS 15.28.2 and 8.10.3, {@code java.lang.runtime.SwitchBootstraps} and {@code ObjectMethods}). Give the jars and
 * what they use as the class path.
 */
final class LowerTypeSwitches {
    private static final MethodTypeDesc LOWERED =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object, ConstantDescs.CD_int);

    private static final Map<String, ClassDesc> WRAPPERS = Map.of(
            "I", ConstantDescs.CD_Integer,
            "J", ConstantDescs.CD_Long,
            "Z", ConstantDescs.CD_Boolean,
            "B", ConstantDescs.CD_Byte,
            "C", ConstantDescs.CD_Character,
            "S", ConstantDescs.CD_Short,
            "F", ConstantDescs.CD_Float,
            "D", ConstantDescs.CD_Double);

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
                .anyMatch(element -> element instanceof InvokeDynamicInstruction instruction
                        && (!labels(instruction).isEmpty() || isOfRecord(instruction)));
        if (!any) {
            return bytes;
        }
        List<List<ClassDesc>> switches = new ArrayList<>();
        List<InvokeDynamicInstruction> ofRecord = new ArrayList<>();
        boolean isInterface = model.flags().has(java.lang.reflect.AccessFlag.INTERFACE);
        ClassTransform calls = ClassTransform.transformingMethodBodies((builder, element) -> {
            List<ClassDesc> labels = element instanceof InvokeDynamicInstruction instruction
                    ? labels(instruction)
                    : List.of();
            if (element instanceof InvokeDynamicInstruction instruction && isOfRecord(instruction)) {
                builder.invokestatic(
                        model.thisClass().asSymbol(), name(instruction), instruction.typeSymbol(), isInterface);
                ofRecord.add(instruction);
            } else if (labels.isEmpty()) {
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
                for (InvokeDynamicInstruction instruction : ofRecord) {
                    builder.withMethodBody(
                            name(instruction),
                            instruction.typeSymbol(),
                            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                            code -> {
                                if (isEquals(instruction)) {
                                    equality(code, instruction);
                                } else {
                                    hash(code, instruction);
                                }
                            });
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

    private static String name(InvokeDynamicInstruction instruction) {
        return isEquals(instruction) ? "equals$fields" : "hashCode$fields";
    }

    private static boolean isEquals(InvokeDynamicInstruction instruction) {
        return instruction.name().equalsString("equals");
    }

    /** One of the two of a record whose fields are read by nothing but themselves. */
    private static boolean isOfRecord(InvokeDynamicInstruction instruction) {
        return instruction.bootstrapMethod().owner().descriptorString().equals("Ljava/lang/runtime/ObjectMethods;")
                && (isEquals(instruction) || instruction.name().equalsString("hashCode"))
                && fields(instruction).size() == instruction.bootstrapArgs().size() - 2;
    }

    /** Behind the record's type and the names of its components. */
    private static List<DirectMethodHandleDesc> fields(InvokeDynamicInstruction instruction) {
        return instruction.bootstrapArgs().stream()
                .filter(DirectMethodHandleDesc.class::isInstance)
                .map(DirectMethodHandleDesc.class::cast)
                .filter(handle -> handle.kind() == DirectMethodHandleDesc.Kind.GETTER)
                .toList();
    }

    private static ClassDesc type(DirectMethodHandleDesc field) {
        return field.invocationType().returnType();
    }

    private static void field(CodeBuilder code, int of, DirectMethodHandleDesc field) {
        code.aload(of).getfield(field.owner(), field.methodName(), type(field));
    }

    /** The same object, or a record of the type whose every component is equal: of floating-point ones as their wrappers are. */
    private static void equality(CodeBuilder code, InvokeDynamicInstruction instruction) {
        ClassDesc record = instruction.typeSymbol().parameterType(0);
        Label other = code.newLabel();
        Label different = code.newLabel();
        code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn();
        code.labelBinding(other).aload(1).instanceOf(record).ifeq(different);
        code.aload(1).checkcast(record).astore(2);
        for (DirectMethodHandleDesc field : fields(instruction)) {
            field(code, 0, field);
            field(code, 2, field);
            switch (type(field).descriptorString()) {
                case "I", "S", "B", "C", "Z" -> code.if_icmpne(different);
                case "J" -> code.lcmp().ifne(different);
                case "F" -> compared(code, ConstantDescs.CD_Float, ConstantDescs.CD_float).ifne(different);
                case "D" -> compared(code, ConstantDescs.CD_Double, ConstantDescs.CD_double).ifne(different);
                default ->
                    code.invokestatic(
                                    ClassDesc.of("java.util.Objects"),
                                    "equals",
                                    MethodTypeDesc.of(
                                            ConstantDescs.CD_boolean,
                                            ConstantDescs.CD_Object,
                                            ConstantDescs.CD_Object))
                            .ifeq(different);
            }
        }
        code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }

    private static CodeBuilder compared(CodeBuilder code, ClassDesc wrapper, ClassDesc primitive) {
        return code.invokestatic(
                wrapper, "compare", MethodTypeDesc.of(ConstantDescs.CD_int, primitive, primitive));
    }

    /** From 0, for each component 31 times what was before and its own. */
    private static void hash(CodeBuilder code, InvokeDynamicInstruction instruction) {
        code.iconst_0();
        for (DirectMethodHandleDesc field : fields(instruction)) {
            ClassDesc type = type(field);
            code.bipush(31).imul();
            field(code, 0, field);
            code.invokestatic(
                    WRAPPERS.getOrDefault(type.descriptorString(), ClassDesc.of("java.util.Objects")),
                    "hashCode",
                    MethodTypeDesc.of(ConstantDescs.CD_int, type.isPrimitive() ? type : ConstantDescs.CD_Object));
            code.iadd();
        }
        code.ireturn();
    }
}
