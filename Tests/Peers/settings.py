"""How programs are run alike: threads, processors and instruction sets; and what machine this is."""

import datetime
import os
import platform

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.dirname(os.path.dirname(HERE))
FRAMEWORKS = ("torch", "tensorflow", "jax")
NAMES = {
    "ours": "KerasLosses", "torch": "PyTorch", "tensorflow": "TensorFlow", "jax": "JAX",
    "avx2": "AVX2", "avx512": "AVX-512",
}
INSTRUCTION_SETS = ("avx2", "avx512")


def processors():
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def thread_counts(choice):
    """The numbers of threads to measure; `choice` is "1", "all" or "both"."""
    every = len(processors())
    return {"1": [1], "all": [every], "both": sorted({1, every})}[choice]


def pin(threads):
    """Keeps this process on one processor if it may have one thread, which no environment variable gets round."""
    if threads == 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {processors()[-1]})


def environment(threads, isa):
    """The environment of every measured program, ours and theirs."""
    count = str(threads)
    values = {
        "OMP_NUM_THREADS": count, "MKL_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count,
        "TF_NUM_INTRAOP_THREADS": count, "TF_NUM_INTEROP_THREADS": count, "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "tensorflow",
        # Compiled by the process itself, so that no pool of compilers is left running beside the measurement.
        "TORCHINDUCTOR_COMPILE_THREADS": "1",
        # Freed memory is kept for the next call. By default glibc gives large arrays back to the system each time, unless
        # its heap happens to have room for them: whether a new gradient costs page faults would be chance.
        "GLIBC_TUNABLES": "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184",
    }
    xla = ["--xla_cpu_multi_thread_eigen=false"] if threads == 1 else []
    if isa is not None:
        # The widest set is left to the package, as it is for its users: it may take narrower vectors for some kernels.
        if isa != best_instruction_set():
            values["KERAS_LOSSES_ISA"] = isa
        values["ATEN_CPU_CAPABILITY"] = isa
        xla.append(f"--xla_cpu_max_isa={isa.upper()}")
    if isa == "avx2":
        # The instruction set that the compiler of torch.compile may use: AVX2, FMA and what goes with them.
        values["TORCHINDUCTOR_CPP_MARCH"] = "x86-64-v3"
        values["ONEDNN_MAX_CPU_ISA"] = "AVX2"
        values["MKL_ENABLE_INSTRUCTIONS"] = "AVX2"
    values["XLA_FLAGS"] = " ".join(xla)
    return {**os.environ, **values}


def best_instruction_set():
    """The widest of INSTRUCTION_SETS that the processor has; None where they mean nothing."""
    flags = _processor_information("flags").split()
    if "avx512f" in flags:
        return "avx512"
    return "avx2" if "avx2" in flags else None


def machine(isa):
    """Where and when, for the head of a table."""
    return {
        "date": datetime.date.today().isoformat(),
        "processor": _processor_information("model name") or platform.processor() or platform.machine(),
        "processors": len(processors()), "instruction_set": isa or platform.machine(), "system": platform.system(),
    }


def instruction_set(machine):
    """What the instruction set of a recorded machine is called."""
    return NAMES.get(machine["instruction_set"], machine["instruction_set"])


def _processor_information(key):
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
    except OSError:
        return ""
