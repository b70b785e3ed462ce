"""Calls of the array API standard's functions as texts over ``xp``: each with each way to name axes and options. The
arrays are those of `numpy_sweep`."""

CALLS = {  # functions: the arguments of their calls, separated by semicolons
    "abs acos acosh asin asinh atan atanh ceil cos cosh exp expm1 floor log log1p log2 log10 negative "
    "positive reciprocal round sign signbit sin sinh square sqrt tan tanh trunc isfinite isinf isnan":
        "x;A;T;s;f;e;M;o",
    "abs ceil floor negative positive round sign square trunc bitwise_invert isfinite": "i;I;h",
    "logical_not bitwise_invert": "b;W",
    "add atan2 copysign divide floor_divide hypot logaddexp maximum minimum multiply nextafter pow "
    "remainder subtract equal not_equal less less_equal greater greater_equal":
        "x,y;A,x;A[:,:1],A;s,r;f,f;e,e;x,s",
    "add floor_divide maximum minimum multiply remainder subtract equal less": "i,j;h,h;i,j[:1]",
    "bitwise_and bitwise_or bitwise_xor": "i,j;b,c;h,h",
    "bitwise_left_shift bitwise_right_shift": "j,j;h,xp.abs(h)",
    "pow": "j,j",
    "logical_and logical_or logical_xor": "b,c;W,b",
    "sum prod max min mean":
        "x;A;A,axis=0;A,axis=-1;T,axis=(0,2);A,axis=1,keepdims=True;T,axis=(0,1,2),keepdims=True;s;f;o;"
        "A,keepdims=True",
    "sum prod": "i;h;i,dtype=xp.float64;e;M,axis=0;f,dtype=xp.float64",
    "max min": "i;I,axis=1",
    "std var":
        "x;A;A,axis=0;A,axis=-1,correction=1;T,axis=(0,2),correction=1.0;A,axis=1,keepdims=True;f;x,correction=0",
    "all any": "b;W;W,axis=0;W,axis=(0,1),keepdims=True;x;i;A,axis=-1",
    "argmax argmin": "x;A;A,axis=0;A,axis=1,keepdims=True;i;f",
    "count_nonzero": "x;A,axis=0;i;b;A,axis=1,keepdims=True;T,axis=(0,1)",
    "cumulative_sum cumulative_prod":
        "x;A,axis=0;A,axis=-1,include_initial=True;i;f;x,include_initial=True;x,dtype=xp.float32",
    "sort": "x;A,axis=0;A,axis=-1,descending=True;i;A,stable=False;f",
    "argsort": "x;A,axis=0;A,axis=-1,descending=True;i;A,stable=False",
    "diff": "x;x,n=2;A,axis=0;A,axis=-1,prepend=A[:,:1];A,append=A[:,:1]",
    "clip": "z,-0.5,0.5;z,min=0.0;z,max=0.5;A,min=0.3,max=A*2;x,min=xp.asarray(0.4);z",
    "concat": "[x,y];(A,D),axis=1;(A,D),axis=None;[f,f];[i,j];[T,T],axis=-1",
    "stack": "[x,y];(A,D),axis=1;[A,D],axis=-1;[s,r];[i,j]",
    "expand_dims": "x;x,axis=1;x,axis=-1;A,axis=1",
    "squeeze": "o,axis=0;o,axis=(0,1);A[:1],axis=0",
    "reshape": "A,(12,);A,(2,6);A,(-1,);T,(4,-1);s,(1,);A,shape=(4,3);x,(2,2),copy=True",
    "permute_dims": "A,(1,0);T,(2,0,1);T,axes=(1,2,0)",
    "matrix_transpose": "A;T",
    "moveaxis": "T,0,-1;T,(0,1),(2,0)",
    "flip": "x;A,axis=0;T,axis=(0,2);A",
    "roll": "x,1;A,-1,axis=0;A,(1,2),axis=(0,1);A,3",
    "repeat": "x,2;A,2,axis=0;A,3,axis=-1;i,2",
    "tile": "x,(2,);A,(2,1);A,(1,1,2);x,(2,2)",
    "unstack": "A;A,axis=1;T,axis=-1",
    "broadcast_to": "x,(3,4);s,(2,2);o,(3,2)",
    "broadcast_arrays": "x,A;s,x;o,x",
    "take": "x,xp.asarray([0,2]),axis=0;A,xp.asarray([1,1,0]),axis=-1;T,xp.asarray([2,0]),axis=1;x,xp.asarray([1])",
    "take_along_axis": "A,xp.argsort(A,axis=0),axis=0;A,xp.argsort(A);x,xp.asarray([0,2,2]),axis=0",
    "searchsorted":
        "xp.sort(x),y-1;xp.sort(x),s[None];xp.asarray([0.2,0.5,0.8]),x,side='right';"
        "xp.asarray([0.8,0.2,0.5]),x,sorter=xp.asarray([1,2,0])",
    "where": "b,x,y;W,A,x;x>0.5,x,y;b,i,j;b,x,0.0;b,1.5,y;b,f,f",
    "isin": "i,xp.asarray([0,2]);i,j",
    "matmul": "A,B;A,x;x,B;x,y;T,B;Q,P;Q,Q;i,j;f,f",
    "tensordot": "A,B,axes=1;A,D,axes=2;A,B,axes=((1,),(0,));T,A,axes=((1,2),(0,1));x,y,axes=0;A,D",
    "vecdot": "x,y;A,D;A,x;A,D,axis=-1;A,D,axis=-2;T,A",
    "tril triu": "A;A,k=1;S,k=-1;T;I",
    "meshgrid": "x,y;x,y,indexing='ij';x,y,u",
    "linspace": "0.0,1.0,5;0,2,num=4,endpoint=False",
    "zeros_like ones_like": "x;A;f;i;x,dtype=xp.float32",
    "full_like": "x,2.0;i,3;A,0.5,dtype=xp.float32",
    "astype": "x,xp.float32;i,xp.float64;f,xp.float64;x,xp.int64;b,xp.int32;x,xp.float64,copy=False",
    "asarray": "x;x,dtype=xp.float32",
    "real conj": "x;A;f",
    "eye": "3;3,4;3,k=1",
    "arange": "5;1,5;0.0,1.0,0.25",
    "linalg.cholesky": "P@xp.matrix_transpose(P);xp.matmul(Q,xp.matrix_transpose(Q));P+P.T,upper=True",
    "linalg.cross": "P,S;P[0,:],S[0,:];P,S,axis=0;Q,P",
    "linalg.det linalg.inv": "S;Q;P",
    "linalg.diagonal": "A;T;Q,offset=1;A,offset=-1",
    "linalg.eigvalsh": "P+P.T",
    "linalg.matmul": "A,B;Q,P",
    "linalg.matrix_norm": "A;T;A,ord='nuc';A,ord=1;T,ord=xp.inf;A,ord=-2;A,keepdims=True;Q,ord=2,keepdims=True",
    "linalg.matrix_power": "S,2;Q,3;S,0;S,-1",
    "linalg.matrix_rank": "A;Q;S,rtol=0.1",
    "linalg.matrix_transpose": "A;T",
    "linalg.outer": "x,y",
    "linalg.pinv": "A;Q;B,rtol=1e-10",
    "linalg.slogdet": "S;Q",
    "linalg.solve": "S,P;Q,P;S,x[:3];Q,Q",
    "linalg.svdvals": "A;Q",
    "linalg.tensordot": "A,B,axes=1;A,D",
    "linalg.trace": "S;Q;S,offset=1;I",
    "linalg.vecdot": "x,y;A,D;A,D,axis=-2",
    "linalg.vector_norm":
        "x;A;A,axis=1;A,axis=(0,1);A,axis=0,keepdims=True;x,ord=1;x,ord=xp.inf;x,ord=-xp.inf;x,ord=3;x,ord=0;"
        "T,axis=(0,2),ord=2.5;f",
}  # fmt: skip


def cases() -> list[str]:
    """Every call, once."""
    found = [f"xp.{f}({a})" for names, forms in CALLS.items() for f in names.split() for a in forms.split(";")]
    return list(dict.fromkeys(found))
