"""Calls of numpy's functions as texts, generated: each function with each kind of argument and each way to name axes
and options. `numpy_calls` holds calls that people write; here a product of tables leaves no form out.

x, y, z are vectors of 4 (z of both signs), A, B, D of shapes (3, 4), (4, 3), (3, 4), S and P square (P positive
definite), T of shape (2, 3, 4), Q a stack of two squares, s and r scalars, e and M without entries, u and o of one
entry, f, F, G of single precision, i, j, I integers, h of 32 bits, b, c, W truth values, n with a nan.
"""

import numpy as np

_RNG = np.random.default_rng(5)
ARRAYS = {
    "x": _RNG.uniform(0.2, 0.9, 4),
    "y": _RNG.uniform(1.1, 1.9, 4),
    "z": _RNG.normal(size=4),
    "A": _RNG.uniform(0.2, 0.9, (3, 4)),
    "B": _RNG.uniform(0.2, 0.9, (4, 3)),
    "D": _RNG.uniform(1.1, 1.9, (3, 4)),
    "S": _RNG.uniform(0.2, 0.9, (3, 3)) + 3 * np.eye(3),
    "P": np.array([[3.0, 0.4, 0.2], [0.4, 2.5, -0.3], [0.2, -0.3, 1.7]]),
    "T": _RNG.uniform(0.2, 0.9, (2, 3, 4)),
    "Q": _RNG.uniform(0.2, 0.9, (2, 3, 3)) + 3 * np.eye(3),
    "s": np.array(0.6),
    "r": np.array(1.7),
    "e": np.zeros(0),
    "M": np.zeros((0, 3)),
    "u": np.array([0.7]),
    "o": np.array([[0.85]]),
    "f": _RNG.uniform(0.2, 0.9, 4).astype("float32"),
    "F": _RNG.uniform(0.2, 0.9, (3, 4)).astype("float32"),
    "G": (_RNG.uniform(0.2, 0.9, (3, 3)) + 3 * np.eye(3)).astype("float32"),
    "i": np.array([3, -1, 0, 2]),
    "j": np.array([2, 5, 1, 3]),
    "I": np.array([[4, 1, 0], [1, 3, -1], [2, 0, 5]]),
    "h": np.array([3, -1, 1, 2], dtype="int32"),
    "b": np.array([True, False, True, True]),
    "c": np.array([False, False, True, True]),
    "W": np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]]),
    "n": np.array([0.3, np.nan, -1.2, 2.0]),
}

UNARY = """
abs absolute acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh bitwise_count
bitwise_invert bitwise_not cbrt ceil conj conjugate cos cosh deg2rad degrees exp exp2 expm1 fabs floor invert
isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint sign
signbit sin sinh spacing sqrt square tan tanh trunc angle around fix i0 imag iscomplex isneginf isposinf isreal
nan_to_num real real_if_close round sinc copy zeros_like ones_like ravel transpose squeeze atleast_1d atleast_2d
atleast_3d isrealobj iscomplexobj ndim size shape cumsum cumprod diff ediff1d flip sort argsort trim_zeros
flatnonzero modf frexp
"""
OF_UNARY = [*"xzATseMuofFiIhbWny", "x[0]", "A[1]", "A.T"]

BINARY = """
add arctan2 atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign divide
equal float_power floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot lcm ldexp left_shift
less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum mod multiply nextafter
not_equal pow power remainder right_shift subtract true_divide divmod
"""
PAIRS = """
x,y y,x A,x A,D A[:,:1],x x[:,None],y T,A s,x x,s s,r x,2.0 2.0,y x,2 2,x x,[1.0,2.0,3.0,4.0] e,e M,M e,2.0 u,x
o,A f,f f,x f,2 f,2.0 F,f i,j j,i h,h i,h i,2 2,i i,0.5 x,i i,x f,i f,h b,c b,i b,x x,b I,I W,A u,o n,x x,n z,y
z,2 f,np.float64(2.0) x,np.float32(2.0) h,np.int64(2) i,np.arange(4) A,np.ones((3,1)) x,True
"""

REDUCTIONS = """
sum prod mean std var max min amax amin ptp median any all count_nonzero argmax argmin nansum nanprod nanmean
nanstd nanvar nanmax nanmin nanmedian nanargmax nanargmin average cumsum cumprod nancumsum nancumprod
cumulative_sum cumulative_prod linalg.norm linalg.vector_norm sort argsort flip
"""
AXES = """
(A) (A,0) (A,1) (A,-1) (A,axis=0) (A,axis=1) (A,axis=-1) (A,axis=None) (T,axis=1) (T,-2) (T,axis=(0,1))
(T,axis=(0,2)) (T,axis=(-1,0)) (T,axis=(0,1,2)) (T,axis=[0,1]) (A,axis=()) (A,axis=0,keepdims=True)
(A,axis=1,keepdims=True) (A,keepdims=True) (T,axis=(1,2),keepdims=True) (T,axis=-1,keepdims=False) (x,axis=0)
(x) (s) (u) (o,axis=0) (o) (e) (M) (M,axis=0) (M,axis=1) (f) (F,axis=0) (i) (I,axis=1) (I,0) (h) (b) (W,axis=1)
(W,0) (n) (x,axis=(0,)) (A,axis=np.int64(1)) (A.T,axis=0) (A[:,:2],axis=1) (x*y) ([x[0],x[1],x[2]]) ([x,y])
((x,y),0) ([x,y],axis=1) (h,axis=0) (s,axis=None) (s,keepdims=True)
"""
OPTIONS = [
    f"np.{name}({args})"
    for names, forms in {
        "sum prod mean std var max min amax amin any all nansum nanmax nanmin nanmean nanprod nanstd nanvar": [
            "A,axis=1,where=W", "A,where=W", "A,axis=0,where=A>0.5", "x,where=b", "x,0,where=[True,False,True,True]",
            "A,axis=-1,where=W,keepdims=True",
        ],
        "sum prod max min amax amin nansum nanprod nanmax nanmin": [
            "A,axis=0,initial=0.5", "x,initial=2", "A,initial=0.5,where=W", "i,initial=2",
            "e,initial=1.0", "M,axis=1,initial=0.0",
            "M,0,initial=1.5", "f,initial=0.5", "x,initial=s",
        ],
        "sum prod mean std var nansum nanmean cumsum cumprod nanprod nancumsum": [
            "f,dtype=np.float64", "i,dtype=float", "x,dtype='float32'", "b,dtype=int",
            "h,dtype=np.int64", "i,None,float",
            "i,dtype=np.int32", "x,dtype=np.float32", "f,axis=0,dtype='float64'", "W,axis=0,dtype=np.float64",
        ],
        "std var nanstd nanvar": [
            "A,ddof=1", "A,axis=0,ddof=1", "A,1,ddof=1,keepdims=True", "x,ddof=2",
            "T,axis=(0,1),ddof=1", "f,ddof=1", "i,ddof=1",
            "A,axis=1,mean=np.mean(A,axis=1,keepdims=True)", "A,0,None,None,1", "x,ddof=0.5", "n,ddof=1",
        ],
        "std var": [
            "A,correction=1", "A,axis=1,correction=1", "x,axis=0,correction=0", "A,axis=0,correction=1.0,keepdims=True",
        ],
        "argmax argmin": [
            "A,axis=0,keepdims=True", "A,keepdims=True", "A,1,keepdims=True", "i", "b", "W,axis=1", "f", "z",
        ],
        "quantile percentile nanquantile nanpercentile": [
            "x,{q}", "A,{q},axis=0", "A,{q},1", "A,[{q},{p}],axis=1", "x,[{q},{p}]", "A,{q},axis=(0,1)",
            "A,{q},keepdims=True",
            "A,{q},axis=1,keepdims=True", "x,{q},method='lower'", "x,{q},method='nearest'", "x,{q},method='hazen'",
            "A,{q},axis=0,method='midpoint'", "i,{q}", "f,{q}", "n,{q}", "x,np.array([{q},{p}])",
            "s,{q}", "T,{q},axis=(0,2)",
            "x,[[{q},{p}]]", "A,[{q},{p}],axis=1,keepdims=True", "u,{q}", "x,{q},weights=y,method='inverted_cdf'",
            "x,{q},method='median_unbiased'", "x,0", "x,1",
        ],
        "average": [
            "x,weights=y", "A,axis=1,weights=x", "A,weights=D", "A,axis=0,weights=[1.0,2.0,3.0]", "A,1,x", "x,None,y",
            "A,axis=1,weights=x,keepdims=True", "x,weights=[1,2,3,4]", "A,axis=0,returned=True",
            "A,axis=(0,1),weights=D",
            "i,weights=x", "T,axis=(1,2),weights=A", "i", "f,weights=f",
        ],
        "linalg.norm": [
            "x,1", "x,2", "x,3", "x,np.inf", "x,-np.inf", "x,0", "x,-1", "x,-2", "x,0.5", "x,2.5",
            "z,1", "A,'fro'", "A,'nuc'", "A,1",
            "A,-1", "A,2", "A,-2", "A,np.inf", "A,-np.inf", "A,1,axis=1", "A,2,axis=0",
            "A,np.inf,axis=1", "A,ord=3,axis=0",
            "T,axis=(1,2)", "T,'nuc',axis=(1,2)", "T,2,axis=(0,1)", "T,ord=1,axis=(0,2)",
            "T,np.inf,(-2,-1)", "T", "T,axis=1",
            "A,1,1,True", "A,axis=1,keepdims=True", "A,'fro',axis=(0,1),keepdims=True",
            "A,keepdims=True", "A,axis=(1,0)", "x,axis=0",
            "I", "i", "i,1", "f", "f,1", "F,2", "F,axis=1", "s", "z,0", "A[0]-A[1]", "[x[0],x[1]]",
            "x,ord=2,axis=-1", "T,-1,(1,2)", "T,-2,(1,2)",
        ],
        "linalg.vector_norm": [
            "x,ord=1", "x,ord=np.inf", "A", "A,axis=1", "A,axis=(0,1),ord=3", "T,axis=(0,2)",
            "A,keepdims=True", "x,ord=-np.inf",
            "A,axis=0,keepdims=True,ord=1", "x,ord=0", "T,axis=1,ord=2.5", "f", "i",
        ],
        "linalg.matrix_norm": [
            "A", "T", "A,ord='nuc'", "A,ord=1", "A,ord=-1", "A,ord=2", "A,ord=-2", "T,ord=np.inf",
            "T,ord=2,keepdims=True", "F",
            "A,keepdims=True", "T,ord='fro'", "T,ord=-np.inf", "Q,ord='nuc',keepdims=True",
        ],
        "cumulative_sum cumulative_prod": [
            "x", "x,include_initial=True", "A,axis=1", "A,axis=0,include_initial=True", "i", "b", "h",
            "f", "e", "A,axis=-1,dtype=np.float32",
            "T,axis=1,include_initial=True", "x,axis=0",
        ],
    }.items() for name in names.split() for args in (
        {form.format(q=q, p=p) for form in forms for q, p in [(30, 75) if "percent" in name else (0.3, 0.75)]}
        if "quantile" in names else forms
    )
]  # fmt: skip

FORMS = {  # functions: the arguments of their calls, separated by semicolons
    "concatenate concat":
        "(x,y);[x,y];(A,D),axis=1;(A,D),1;(A,D),axis=-1;[A,D],0;(A,B),axis=None;(x,[1.0,2.0]);[f,f];[f,x];[i,x];"
        "[i,j];[h,i];[b,c];[x,e];(T,T),2;[u,x,u];[A[0],A[1]];(x,y),dtype=np.float32;[np.ones(2),x];(A,),1;[M,M];"
        "(x[None],y[None]);[b,i];[x[:1],[0.5]]",
    "stack":
        "(x,y);[x,y],1;[x,y],axis=-1;(A,D),axis=1;[A,D],-1;[s,r];[x,[1.0,2.0,3.0,4.0]];[f,f];[f,x];[i,j];[s,1.0];"
        "[b,c];[T,T],axis=3;[e,e];[s,2,r];[x],0;list(A);[A[0],A[1]],axis=1",
    "vstack hstack dstack column_stack":
        "(x,y);[x,y];(A,D);[A,D];(s,r);[s,r];[f,f];[f,x];[i,j];[u,u];[x[:,None],y[:,None]];(T,T);[A[0],D[0]];"
        "(x,[1.0,2.0,3.0,4.0]);[i,x];[b,c];[o,o]",
    "block":
        "[x,y];[[A,D]];[[A],[D]];[[A,D],[D,A]];[[s,r],[r,s]];[[P,np.zeros((3,1))],[np.zeros((1,3)),o]];[s,x];x;"
        "[[A,np.ones((3,2))]];[[i,j]]",
    "append": "x,y;x,1.0;x,[1.0,2.0];A,D;A,D,axis=0;A,D,1;x,s;A,x;i,1;i,0.5;e,x;f,f;A,[[1.0,2.0,3.0,4.0]],axis=0",
    "insert":
        "x,1,5.0;x,0,s;x,-1,5.0;x,4,r;x,[1,3],[7.0,8.0];x,[1,3],5.0;A,1,5.0;A,1,5.0,axis=0;A,1,x,axis=0;"
        "A,2,[1.0,2.0,3.0],axis=1;A,[0,2],0.5,axis=1;x,2,y;x,slice(1,3),9.0;i,1,7;x,np.array([0,2]),[1.0,2.0];"
        "A,-1,x,0;x,1,[1.0,2.0]",
    "delete":
        "x,1;x,-1;x,[0,2];x,slice(1,3);A,1,axis=0;A,[0,2],axis=1;A,5;A,-1,1;x,np.array([True,False,False,True]);"
        "A,slice(None,None,2),axis=1;x,[];x,[0,-1]",
    "split array_split":
        "x,2;x,[1,3];A,2,axis=1;A,[1],0;A,3;A,[1,2],axis=1;T,2;T,[2],axis=-1;x,4;x,1;i,2;x,indices_or_sections=2;"
        "x,[2,2,3]",
    "hsplit vsplit dsplit": "A,2;A,[1];T,[1];T,2;B,[1,2];A,[1,3];A,3;B,2",
    "unstack": "A;A,axis=1;T,axis=-1;x",
    "tile": "x,2;A,2;A,(2,1);A,(2,1,3);x,(2,2);s,3;x,[2];e,2;A,(1,2);T,2;u,(2,3);x,0;A,[2,2]",
    "repeat":
        "x,2;A,2;A,2,axis=0;A,3,1;x,[1,0,2,3];A,[1,2,0],axis=0;A,[2],axis=1;s,3;A,[1,2,3,0],1;i,2;u,4;A,2,-1;"
        "x,np.array([1,2,1,0]);x,repeats=2;x,0",
    "pad":
        "x,1;x,(1,2);A,1;A,((1,0),(2,1));A,((1,2),);x,2,'edge';x,2,mode='reflect';x,2,'symmetric';x,2,'wrap';"
        "x,2,'mean';x,2,'maximum';x,2,'minimum';x,2,'median';x,2,'linear_ramp';A,1,'edge';"
        "A,((1,2),(0,1)),'reflect';A,((0,0),(1,1)),constant_values=2.0;x,1,constant_values=(4.0,5.0);"
        "x,(2,1),'linear_ramp',end_values=(1.0,2.0);x,2,'mean',stat_length=2;x,0;x,[1,2];A,[(1,1),(0,2)];s,0;i,1;"
        "T,1;A,(1,2),'wrap';x,9,'wrap';x,6,'reflect';x,2,'reflect',reflect_type='odd';A,1,mode='constant';f,1;"
        "b,1;x,np.array([1,2]);A,1,'mean';A,(2,1),'maximum',stat_length=2;A,1,constant_values=s",
    "resize": "x,6;x,(2,3);A,(2,2);A,(4,5);x,2;s,(2,2);x,new_shape=(3,)",
    "roll":
        "x,1;x,-2;A,1;A,1,axis=0;A,-1,1;A,(1,2),axis=(0,1);A,[1,2],[0,1];A,1,(0,1);x,0;x,9;T,2,axis=-1;e,1;s,1;"
        "x,shift=1;A,(1,1),axis=1",
    "rot90": "A;A,2;A,k=3;A,-1;T,1,(1,2);T,axes=(0,2);A,4;S",
    "flip": "T,(0,2);T,axis=[0,1];x;A,axis=-1;A,0;A,axis=None",
    "flipud fliplr": "A;T;S;x[None]",
    "rollaxis": "T,2;T,1,0;T,-1;T,0,3;T,axis=2,start=1;A,1",
    "moveaxis": "T,0,2;T,[0,1],[2,0];T,(0,2),(1,0);T,-1,0;T,source=0,destination=-1;A,0,1",
    "swapaxes": "T,0,2;A,0,1;T,-1,0;T,axis1=1,axis2=2",
    "transpose permute_dims": "A;T,(2,0,1);T,axes=(1,0,2);T,(-1,0,1);x;s;T,[0,2,1];A,(1,0)",
    "matrix_transpose linalg.matrix_transpose": "A;T;S;M",
    "expand_dims": "x,0;x,axis=1;x,-1;A,(0,2);A,axis=(0,-1);s,0;A,[0,1];T,3",
    "squeeze": "o;u;x[None];x[None],0;x[:,None],axis=1;o,(0,1);o,axis=0;A;x[None,:,None];u,-1;o,axis=(0,)",
    "reshape":
        "A,12;A,(2,6);A,[6,2];A,-1;A,(4,-1);A,(2,6),'F';A,(2,6),order='F';A,(4,3),order='C';T,(6,4);"
        "T,(4,-1),order='F';s,(1,1);x,(2,2);o,();e,(0,3);A,shape=(2,6);M,(3,0);u,();A,(-1,1);A,np.array([2,6]);"
        "x,(4,);A,(3,2,2),order='A'",
    "ravel": "A;A,'F';A,order='C';T,order='F';A,'K';s;A,order='A'",
    "broadcast_to": "x,(3,4);s,(2,2);u,4;x,(2,3,4);A,(2,3,4);o,(3,2);x,shape=(3,4);s,();i,(2,4)",
    "broadcast_arrays": "x,A;s,x;A;x[:,None],y;u,x,A;s,2.0;x,[[1.0],[2.0]]",
    "atleast_1d atleast_2d atleast_3d": "s,x;A,T;x,y,s;2.0,s",
    "diag": "x;x,1;x,k=-1;S;A;A,1;A,k=-1;A,-2;u;S,2;x,2;A,3",
    "diagflat": "x;A;x,1;A,k=-1;s;u;[x[0],x[1]]",
    "diagonal":
        "A;A,1;A,offset=-1;T;T,0,1,2;T,axis1=0,axis2=2;S,2;T,1,2,1;Q,0,-2,-1;A,0,1,0;T,offset=1,axis1=-1,axis2=0",
    "trace": "A;S;S,1;S,offset=-1;T;T,0,1,2;Q,axis1=1,axis2=2;I;F;A,0,1,0;W;h[:,None];S,dtype=np.float32",
    "linalg.trace": "A;T;Q,offset=1;I;F",
    "linalg.diagonal": "A;T;Q,offset=1;A,offset=-1",
    "tril triu": "S;A;A,1;A,-1;A,k=2;T;T,-1;x;I;F;W;S,k=-1;B,1;M",
    "vander": "x;x,3;x,N=2;x,3,True;x,increasing=True;i,3;x,0;u,2",
    "meshgrid":
        "x,y;x,y,indexing='ij';x,y,sparse=True;x;x,y,u;x,s;x,y,copy=False;i,x;x,y,indexing='ij',sparse=True;"
        "x,[1.0,2.0]",
    "take":
        "x,2;x,[0,2];x,-1;A,[0,2];A,[0,2],axis=0;A,1,axis=1;A,[[0,1],[1,2]],axis=1;A,5;x,[5,6],mode='wrap';"
        "x,[-9,9],mode='clip';A,np.array([1]),0;x,[[0,1],[2,3]];A,[],axis=0;x,indices=[1];A,(0,2),-1;T,[1],1;s,0;"
        "A,1,None;i,[0,1];x,j[:2]-1;A,[3,-1],axis=-1",
    "take_along_axis":
        "A,np.array([[0,1,2,0]]),axis=0;A,np.array([[0],[1],[3]]),axis=1;A,np.array([[0],[1],[3]]),1;"
        "x,np.array([0,2]),axis=0;A,np.argsort(A,axis=1),axis=1;A,np.argmax(A,axis=0,keepdims=True),0;"
        "A,np.array([0,5]),axis=None;x,np.array([0,-1]);A,np.array([[-1],[0],[1]]),-1;"
        "T,np.array([[[0]],[[1]]]),axis=1",
    "compress":
        "[True,False,True],x;[True,False,True,False],x;[True,False,True],A,axis=0;[0,1,1,0],A,1;b,x;"
        "np.array([True,False,True,True]),A,axis=-1;[True,False,True],A",
    "extract": "np.array([True,False,True,True]),x;np.array([[True]*4,[False]*4,[True]*4]),A;[1,0,1,0],x",
    "choose":
        "[0,1,1,0],[x,y];[0,1,1,0],(x,y);np.array([0,1,2,1]),[x,y,z];[0,1,0,1],[x,2.0];1,[x,y];"
        "[0,1,2,3],[x,y],mode='wrap';[0,1,2,3],[x,y],mode='clip';i%2,[x,y];[[0],[1]],[x,y];b,[x,y]",
    "select":
        "[x>0.5],[x];[x>0.5,y>1.5],[x,y];[x>0.5,y>1.5],[x,y],0.5;[x>0.5],[x],default=y;[b,c],[x,y];"
        "[z>0,z<-0.5],[z**2,-z],default=s;[b,c],[1.0,x];[i>1],[i];[W],[A],default=1;[b,b],[i,x]",
    "where":
        "b,x,y;x>0.5,x,y;b,x,0.0;b,0,x;b,1,2;W,A,x;x>0.5,s,r;b,i,x;b,f,0.0;b,i,j;b,i,0;i,x,y;True,x,y;b,2.0,1;"
        "b,x,np.nan;x[:,None]>y,1.0,y;[True,False,True,False],x,y;b,f,x;b,h,i;b,f,2;b,True,False;x,x,y;e>0,e,1.0;"
        "b,c,x",
    "piecewise":
        "z,[z<0,z>=0],[-1.0,1.0];z,[z<0],[0.0,1.0];z,[z<0,z>=0],[lambda t:-t,lambda t:t];"
        "z,[z<-1,z>1],[lambda t:t**2,lambda t:2*t,0.5];x,[x<0.5,x>=0.5],[np.sin,np.cos];z,[z<0],[lambda t:t*2];"
        "s,[s<1,s>=1],[0.0,1.0];z,[z<0,z>=0],[0,1];z,z<0,[lambda t:-t,lambda t:t];"
        "z,[z<0,z>=0],[lambda t,a:a*t,lambda t,a:t],2.0",
    "clip":
        "z,-0.5,0.5;z,None,0.5;z,-0.5,None;x,0.3,0.8;A,0.3,x;i,0,2;f,0.3,0.8;f,0.25,0.5;z,a_min=-0.5,a_max=0.5;"
        "z,min=0,max=1;z,max=0.5;z,min=0;s,0.0,0.5;x,y-1,y;i,0.5,2.5;z,x,y;z,0,1;z,[0,0,0,0],1;i,-1,j;e,0,1;"
        "h,0,2;i,min=0;z;f,0,1;z,0.5,-0.5",
    "round around": "z,2;z,decimals=1;A,1;i,-1;s,3;z,0;f,1;x,-1;i;b;z*100,-1;I,1",
    "nan_to_num": "n,nan=1.0;n,copy=False;n,True,0.5;x/0;n,posinf=1.0,neginf=0.0;f;i;n,nan=s",
    "isclose":
        "x,y;x,x+1e-9;x,0.5,atol=0.2;n,n;n,n,equal_nan=True;x,y,rtol=1.0;x,y,0.5,0.1;i,j;s,r;A,x;"
        "x,[0.5,0.5,0.5,0.5]",
    "allclose": "x,y;x,x+1e-9;n,n,equal_nan=True;A,D;x,y,atol=5.0;x,0.5;i,j",
    "array_equal array_equiv": "x,y;x,x;A,x;i,j;x,x*1;s,s;A,A;x,[1.0,2.0]",
    "interp":
        "x,[0.0,0.5,1.0],[1.0,3.0,2.0];s,[0.0,0.5,1.0],[1.0,3.0,2.0];z,[0.0,0.5,1.0],[1.0,3.0,2.0],left=-1.0;"
        "z,[0.0,0.5,1.0],[1.0,3.0,2.0],left=-1.0,right=7.0;A,[0.0,0.5,1.0],[1.0,3.0,2.0];0.4,[0.0,0.5,1.0],x[:3];"
        "x,[0.0,0.3,0.7,1.0],y;y,[0.0,0.3,0.7],[1.0,3.0,2.0],period=1.0;[0.2,0.4],np.cumsum(x),y;"
        "f,[0.0,0.5,1.0],[1.0,3.0,2.0];z,np.sort(x),y;i,[0.0,1.0,3.0],[1.0,3.0,2.0];e,[0.0,0.5],[1.0,2.0]",
    "diff":
        "x,2;A,axis=0;A,1,1;A,n=2;x,n=0;x,prepend=0.0;x,append=[1.0,2.0];A,axis=1,prepend=A[:,:1];x,3;i;b;"
        "T,axis=1;x,prepend=s,append=r;x,4;x,5;e;A,1,0,np.zeros((1,4))",
    "ediff1d": "x,1.0;x,to_end=9.0;x,to_begin=[1.0,2.0];x,to_end=[1.0],to_begin=s;A;i;i,to_end=[7]",
    "gradient":
        "x;x,2.0;x,[0.0,1.0,1.5,4.0];A,axis=0;A,axis=1;A;A,2.0;A,1.0,2.0;x,edge_order=2;A,axis=(0,1);"
        "A,0.5,axis=1;x,np.cumsum(y);x,y.cumsum();x,s;A,axis=-1,edge_order=2;i;f;T,axis=1",
    "trapezoid":
        "x;x,y;A;A,dx=0.5;A,axis=0;A,x,axis=1;x,dx=s;x,[0.0,1.0,3.0,4.0];A,D;A,None,0.5,0;i;T,axis=1;u;x,x=y;f",
    "unwrap": "3*z;z,period=1.0;z,discont=1.0;A*7,axis=0;A*7;z,None;10*z,4.0;i;f",
    "convolve":
        "x,y;x,[1.0,2.0];x,y,'same';x,y,mode='valid';x,y[:2],'same';x[:2],y;s,x;x,u;i,j;x,i;f,f;"
        "x,[0.5,0.5],mode='valid';x,2.0;x,y[:3],'valid'",
    "correlate":
        "x,y;x,[1.0,2.0];x,y,'same';x,y,mode='full';x,y[:2],'full';x[:2],y;i,j;x,y[:2],'same';f,f;"
        "x,y[:3],mode='valid'",
    "dot":
        "x,y;A,x;A,B;x,B;s,x;2.0,x;T,x;T,B;x,[1.0,2.0,3.0,4.0];i,j;s,r;A,D.T;f,f;F,f;f,x;i,x;b,c;x,2;W,x;e,e;M,P;"
        "o,o;x,T.transpose(0,2,1)",
    "vdot": "x,y;A,D;s,r;i,j;f,f;x,[1.0,2.0,3.0,4.0];A,D.ravel();T,T;e,e",
    "inner": "x,y;A,D;A,x;x,A;s,x;T,A;T,x;2.0,x;i,j;f,f;s,r;A,T",
    "outer": "x,y;A,x;x,2.0;s,x;i,j;x,i;f,f;x,[1.0,2.0];e,x;A,D;s,r",
    "linalg.outer": "x,y;i,j;x,[1.0,2.0]",
    "matmul linalg.matmul":
        "A,B;A,x;x,B;x,y;T,B;T,x;Q,P;Q,Q;x,T.transpose(0,2,1);T,T.transpose(0,2,1);I,I;F,f;i,j;"
        "A,[1.0,2.0,3.0,4.0];Q[:,None],Q;M,P;b,c;W,x;f,x;x,[[1.0],[2.0],[3.0],[4.0]];M.T,M;Q,np.ones(3)",
    "tensordot linalg.tensordot":
        "A,B,1;A,D,axes=2;A,D,axes=((0,1),(0,1));A,B,axes=([1],[0]);T,A,axes=([1,2],[0,1]);x,y,axes=0;"
        "A,D,axes=(1,1);T,x,axes=1;T,B,1;x,y,1;T,T,axes=3;A,D,(0,0);A,B,axes=((0,1),(1,0));s,x,0;I,I,1;"
        "T,A,([-2],[0])",
    "kron": "x,y;A,B;A,x;x,A;s,A;S,P;i,j;x,2.0;T,A;A,T;f,f;u,x;e,x",
    "vecdot linalg.vecdot": "x,y;A,D;A,x;A,D,axis=0;T,x;x,A;T,T,axis=1;i,j;f,f;x,[1.0,2.0,3.0,4.0];A,D,axis=-1",
    "matvec": "A,x;T,x;Q,P[0];S,P;A,D;Q,P[:2]",
    "vecmat": "x,B;P[0],Q;x,T.transpose(0,2,1);P,Q[0];P[:2],Q",
    "linalg.multi_dot": "[A,B];[A,B,A];[x,B,P];[A,B,P[0]];[x,B,A,y];(A,B)",
    "cross":
        "P[0],S[0];P,S;P[:,:2],S[:,:2];P[0,:2],S[0];P,S[0];P,S,axis=0;P,S,axisa=0;P,S,0,1;P,S,axisc=0;P,S,0,0,0;"
        "Q,P;I[0],I[1];P[0],[1.0,2.0,3.0];P[:1],S",
    "linalg.cross": "P,S;P,S,axis=0;P[0],S[0];Q,P;P[0],[1.0,2.0,3.0]",
    "linalg.det linalg.inv": "S;P;Q;I;G;o;Q[:1];np.zeros((0,0));S+S.T;S@S;F[:,:3];-S",
    "linalg.slogdet": "S;P;Q;I;G;o;-S;S@S",
    "linalg.pinv": "A;B;S;Q;F;A,rcond=1e-10;A,rtol=1e-10;T;I;P,hermitian=True;o",
    "linalg.solve":
        "S,x[:3];S,B[:3];S,P;Q,P;Q,Q;I,x[:3];S,I;G,f[:3];S,[1.0,2.0,3.0];Q,x[:3];Q,P[None];G,x[:3];o,u;S,M.T;"
        "Q,np.ones((2,3,1))",
    "linalg.cholesky": "P+P.T;(S@S.T)[None];P@P.T;S@S.T,upper=True;o;G@G.T;Q@Q.transpose(0,2,1)",
    "linalg.qr": "A;B;S;B,'r';S,mode='complete';B,mode='reduced';Q;G;T;A,'r'",
    "linalg.svd":
        "A;B;S;A,full_matrices=False;A,compute_uv=False;A,False;A,False,False;Q;F,full_matrices=False;"
        "P,hermitian=True;T,compute_uv=False;T,full_matrices=False;S,True;B,0",
    "linalg.svdvals": "A;B;Q;F",
    "linalg.eigvalsh": "P+P.T;P,'U';P,UPLO='U';(P+P.T)[None];Q+Q.transpose(0,2,1);o;I+I.T;G+G.T;S,'L'",
    "linalg.matrix_power": "S,2;S,3;S,0;S,1;S,-1;S,-2;Q,2;I,2;G,3;S,n=2;Q,-1;I,0;Q,0",
    "linalg.matrix_rank": "A;S;Q;I;A,tol=0.1;P,hermitian=True;A,rtol=0.1",
    "linalg.cond": "S;A;S,1;S,'fro';S,np.inf;S,-2;S,2;Q;Q,1;S,-1;S,-np.inf;S,'nuc';S,p=2;I;G",
    "linalg.lstsq": "B,x;B,A.T;B,x,rcond=None;A,x[:3];S,x[:3];B,[1.0,2.0,3.0,4.0];B,x,None",
    "linalg.tensorsolve": "S,x[:3];np.eye(4).reshape(2,2,2,2)+0.1,x.reshape(2,2)",
    "linalg.tensorinv": "S,ind=1;S,1;(np.eye(4)+0.1*np.ones((4,4))).reshape(2,2,2,2)*s,ind=2",
    "einsum":
        "'ij,jk',A,B;'ij,jk->ik',A,B;'ij->ji',A;'ij->i',A;'ij->',A;'ii',S;'ii->i',S;'i,i',x,y;'i,j->ij',x,y;"
        "'i,i->i',x,y;'ij,j',A,x;'ij,j->i',A,x;'bij,jk->bik',T,B;'...j,j',T,x;'...ij,...jk->...ik',Q,Q;"
        "'ij,ij->',A,D;'ij,kj->ik',A,D;'i,ij,j',x[:3],A,y;'ijk->kji',T;'i->',x;',i->i',s,x;'ij,ij->j',A,D;"
        "A,[0,1],B,[1,2];A,[0,1],B,[1,2],[0,2];A,[0,1],[1,0];A,[0,1];'ij,j->i',A,x,optimize=True;"
        "'ij , jk -> ik',A,B;'i...->...',A;'...',x;'ij,jk,kl->il',A,B,A;'ij,jk,kl->il',A,B,A,optimize='optimal';"
        "'iij->j',Q.transpose(1,2,0);'ij,i->ij',A,x[:3];'i,i',i,j;'ij,j',A,[1.0,2.0,3.0,4.0];'i,i',f,f;"
        "'ij,ij->ij',o,A;'ij->ij',A;'ba',A;'i,i,i->',x,y,z;'...i,...i',A,D;'...i->...',A;'ik,kj->',A,B;'ii->',S;"
        "'i->i',e;'bii->b',Q;A,[0,Ellipsis],[Ellipsis,0];'i,i',x,i;'i,i',b,c",
    "polyval": "[1.0,-2.0,3.0],x;x,s;x,y;x,2.0;[1,2,3],A;x,A;i,x;x,i;[1.0],x;x,[1.0,2.0]",
    "polyadd polysub polymul": "x,y;x,[1.0,2.0];[1.0,2.0],y;x,2.0;x,s;i,j;u,x",
    "polyder": "x;x,2;x,m=0;i;u;[1.0,2.0,3.0]",
    "polyint": "x;x,2;x,m=1,k=3.0;x,1,s;i;x,2,[1.0,2.0];x,0",
    "polyfit":
        "[0.0,1.0,2.0,3.0],x,1;[0.0,1.0,2.0,3.0],x,2;np.arange(4.0),B,1;x,y,1;np.arange(4),x,deg=1;"
        "x,y,2,w=[1.0,2.0,1.0,2.0];x,y,0",
    "poly": "x;i;u",
    "cov corrcoef": "A;A,rowvar=False;x,y;A,D;B;A,None,False;F",
    "cov":
        "A,ddof=0;A,bias=True;x;A,fweights=[1,2,1,1];A,aweights=[1.0,2.0,3.0,4.0];A,aweights=x;A,ddof=2;"
        "A,D,True,True",
    "searchsorted":
        "np.sort(x),0.5;[0.2,0.5,0.8],x;[0.2,0.5,0.8],x,side='right';np.sort(x),y-1;[0.2,0.5,0.8],s;"
        "np.sort(x),[0.3,0.6];[0.2,0.5,0.8],A;[0,2,4],i;[0.8,0.2,0.5],x,sorter=[1,2,0];np.sort(z),0,'right'",
    "digitize":
        "x,[0.2,0.5,0.8];x,[0.2,0.5,0.8],right=True;x,[0.8,0.5,0.2];A,[0.5];s,[0.2,0.5];"
        "x,np.array([0.2,0.5]),True;i,[0,2]",
    "bincount":
        "[0,2,0,1],x;[0,2,0,1],weights=x;[0,2,0,1],x,5;[0,2,0,1],minlength=6,weights=x;np.array([0,1,1,3]),y;"
        "[1,1,2,0],weights=i",
    "histogram":
        "x,[0.0,0.4,0.7,1.0];x,bins=[0.0,0.5,1.0];x,4,(0.0,1.0);x,bins=3,range=(0.0,1.0);"
        "x,bins=3,range=(0.0,1.0),weights=y;x,[0.0,0.5,1.0],density=True;"
        "[0.1,0.4,0.8,0.9],bins=3,range=(0.0,1.0),weights=x;A,[0.0,0.5,1.0];i,[-2,0,2,4]",
    "linspace":
        "s,r,5;0.0,r,4;s,1.0;s,r,num=3;s,r,5,endpoint=False;x,y,3;x,y,3,axis=-1;x,2.0,num=4,axis=1;"
        "s,r,3,retstep=True;s,r,1;0,s,3;s,r,5,False;s,r,0;s,r,3,dtype=np.float32",
    "geomspace": "s,r,4;1.0,r,3;x,y,3;s,r,num=3,endpoint=False;x,y,3,axis=1",
    "logspace": "s,r,4;0.0,r,3;s,r,num=3,base=2.0;x,y,3;s,r,3,False;s,2.0,3,True,3.0",
    "full_like": "x,2.5;x,s;A,x;i,2;i,2.7;x,1;f,2.0;x,2,dtype=int;x,1.0,shape=(2,2);b,1;A,[1.0,2.0,3.0,4.0]",
    "zeros_like ones_like":
        "x,dtype=int;x,shape=(2,3);A,dtype='float32';i,float;x,order='C';f,subok=True;x,np.float64,shape=3",
    "copy": "A,order='F';x,'C'",
    "full": "(2,2),s;3,s;(2,),2.0*s;4,x;(3,4),x;(2,2),s,dtype=np.float32;shape=(2,),fill_value=s;(),s",
    "astype": "x,np.float32;i,np.float64;x,np.int64;b,np.int64;f,np.float64;x,np.bool_;x,np.float64,copy=False",
    "sort": "x,0;A,axis=0;A,None;A,axis=None;z,kind='stable';i;b;f;A,1;T,1;A,stable=True;n;s[None];A,-1,'mergesort'",
    "argsort": "x;A,axis=0;A,None;z,kind='stable';i;A,-1;A,stable=True;f",
    "partition argpartition": "z,2;A,1;A,1,axis=0;A,2,None;z,[1,2];z,-1;z,kth=1",
    "nonzero flatnonzero argwhere": "x;b;A;i",
    "isin": "i,[0,2];x,[0.5];i,j;i,[2],invert=True;A,[0.3,0.4]",
    "unique": "np.array([1,1,2])*x[:3]",
    "apply_along_axis":
        "np.sum,0,A;np.sort,1,A;lambda v:v*v[0],1,A;np.mean,axis=0,arr=A;np.cumsum,-1,T;lambda v:v.sum(),0,A",
    "apply_over_axes": "np.sum,T,[0,2];np.sum,A,0;np.mean,T,(1,)",
    "vectorize": "np.sin)(x;lambda t:t**2)(x;lambda a,b:a+b)(x,y;lambda t:t*2)(A;np.hypot)(x,2.0",
    "fmax fmin maximum minimum": "x,y,dtype=np.float64;z,0;z,0.0;0,z;A,x[None];z,-z;z,np.inf;n,0.0;i,j;i,0;h,1",
    "add multiply subtract divide":
        "x,y,dtype=np.float32;f,f,dtype=np.float64;i,j,dtype=float;x,y,casting='same_kind';x,y,dtype='float64'",
    "sin sqrt exp": "f,dtype=np.float64;i,dtype=np.float32;x,dtype=np.float32;x,casting='same_kind'",
    "add.reduce multiply.reduce maximum.reduce minimum.reduce":
        "x;A;A,axis=1;A,1;A,axis=None;A,axis=(0,1);T,axis=(0,2);A,keepdims=True;x,initial=2.0;A,0,None,None,True;"
        "i;A,where=W,initial=0.5",
    "subtract.reduce divide.reduce hypot.reduce logaddexp.reduce fmax.reduce": "x;A;A,axis=1;A,1;x,keepdims=True",
    "logical_and.reduce logical_or.reduce logical_xor.reduce": "b;W;W,axis=1;x;W,axis=None",
    "add.accumulate multiply.accumulate maximum.accumulate minimum.accumulate":
        "x;A;A,axis=1;A,1;i;z;A,-1;x,dtype=np.float64",
    "subtract.accumulate divide.accumulate logaddexp.accumulate hypot.accumulate": "x;A;A,axis=1",
    "add.outer subtract.outer multiply.outer divide.outer power.outer maximum.outer hypot.outer "
    "arctan2.outer":
        "x,y;A,x;s,x;x,[1.0,2.0];x,2.0;i,j",
    "less.outer equal.outer": "x,y;i,j",
    "add.reduceat multiply.reduceat maximum.reduceat": "x,[0,2];x,[0,2,1];A,[0,2],axis=1;A,[0,1];x,np.array([0,3])",
}  # fmt: skip

METHODS = """
sum() sum(0) sum(axis=1) sum(axis=(0,1)) sum(axis=1,keepdims=True) sum(1,dtype=np.float32) mean() mean(0)
mean(axis=-1,keepdims=True) prod() prod(axis=0) std() std(0) std(axis=1,ddof=1) var() var(1) var(ddof=1) max()
max(0) max(axis=1,keepdims=True) min() min(axis=(0,1)) argmax() argmax(0) argmin(axis=1) cumsum() cumsum(0)
cumprod(axis=1) all() any(axis=0) ravel() ravel('F') flatten() flatten('F') reshape(-1) reshape(2,6)
reshape((6,2)) reshape(4,-1,order='F') reshape(-1,1) reshape([2,6]) transpose() transpose(1,0) transpose((1,0))
transpose([1,0]) swapaxes(0,1) T mT squeeze() copy() astype(float) astype(np.float32) astype('int64')
astype(int,copy=False) clip(0.3,0.6) clip(0.3) clip(max=0.5) clip(min=0.4) round() round(1) round(decimals=2)
dot([1.0,2.0,3.0,4.0]) diagonal() diagonal(1) trace() trace(1) trace(offset=-1) repeat(2) repeat(2,axis=0)
repeat([1,2,0],0) take([0,2]) take([0,2],axis=1) take(1,1) argsort() argsort(0) conj() conjugate() real imag
size ndim shape compress([True,False,True],axis=0) nonzero() choose([1,2]) flat[3] flat itemsize nbytes
mean(axis=0,dtype=np.float64) sum(where=W) max(where=W,initial=0.0) sum(initial=1.0) any() ptp() argtobytes()
__len__() __neg__() __abs__() __add__(2) __radd__(2) __rpow__(2) __getitem__(0) __getitem__((0,1))
min(axis=0,initial=0.1) dtype mean(axis=(0,1)) mean(1,keepdims=True) std(axis=(0,1)) var(axis=0,keepdims=True)
cumsum(axis=-1,dtype=np.float64) max(axis=None) prod(axis=(0,1),keepdims=True)
"""
OF_METHODS = ["A", "D", "F", "x", "s", "I", "W", "T"]

INDICES = """
[0] [-1] [1:] [::2] [::-1] [:,0] [:,-1] [:,1:3] [...,0] [0,...] [None] [:,None] [0,1] [-1,-1] [[0,2]] [[0,2],1]
[:,[0,2]] [[0,1],[1,2]] [np.array([0,2])] [1:,::2] [...,None] [0][1] [()] [...] [np.ix_([0,2],[1,3])] [1:1] [5:]
[:,::-2] [np.array([True,False,True])] [:,np.array([True,False,True,True])] [[True,False,True]] [W] [0,[1,2]]
[None,0,:,None] [slice(0,2)] [(slice(None),0)] [np.int64(1)] [[[0,1],[1,2]]] [[-1,0]] [:,np.newaxis,0] [i[:2]%3]
[:,j%3] [np.array([[True,False,True,True]]*3)] [1,None] [2:0:-1] [[]] [-2:,-2:] [0:2,[1,1,0]] [[0],[1,2]]
"""
OPERATORS = """
x+y x-y x*y x/y x**y x**2 x**0.5 x**-1 2**x x//0.3 x%0.3 0.5//x 2%x -z +z abs(z) A@B A@x x@B x@y x<y x<=y x>y
x>=y x==y x!=y i+j i-j i*j i/j i//j i%j i**2 i**j[0] i&j i|j i^j ~i i<<1 j>>1 b&c b|c b^c ~b b+c b*c b+1 b*x i+x
i*0.5 f+1 f*2.0 f+x f/2 f**2 f*np.float64(2) f+i f*h h+1 h+i h*0.5 h//2 h/2 x+[1.0,2.0,3.0,4.0]
[1.0,2.0,3.0,4.0]+x np.ones(4)*x x*np.ones((3,1)) np.float64(2.0)*x np.int64(2)*i x+True divmod(y,x) divmod(i,2)
round(s,1) round(s) s+r s*x s**r 1/s s//0.4 s%0.4 sum(x) max(s,r) min(s,0.5) len(A) list(x) x[0]+x[1] A+x
A*x[:3,None] A-A.mean(axis=0) (A-A.mean(0))/A.std(0) A/A.sum(axis=1,keepdims=True) np.exp(x)/np.exp(x).sum()
A.T@A x@A.T@A@x np.sqrt((x**2).sum()) ((x-y)**2).mean() [x+1,y] (x,y) {'a':x} x.max()-x.min() x[x.argmax()]
x[np.argsort(x)] np.linalg.solve(P,A) A@A.T@P i>2 i==2 x>0.5 (x>0.3)&(x<0.8) 1-x 1.0/x i**0 i**-1.0 2**i 2.0**i
j**j x**i f**0.5 f**i (-z)**2 z**3 abs(i) s<r s==s x.T@y pow(x,2) pow(x,2.5) x.dot(y) A.dot(B) 3-i 3//j 7%j
True*x i*True np.pi*x x*1e300*1e300 0*x x-x e+1 e*e M+1 M@P u+x o*A abs(np.linalg.eigh(P+P.T)[1])
np.linalg.eigh(P+P.T)[0] np.linalg.eigh(P,'U').eigenvalues abs(np.linalg.eigh(S,UPLO='L')[1])
abs(np.linalg.eigh(P+P.T).eigenvectors) A.item(3) A.item((1,2)) A.item(1,2) x.item(2) F.item(3) W.item(3)
s.item() A.tolist() x.tolist() W.tolist() F.tolist() A.max().item()
"""


def cases() -> list[str]:
    """Every call, once."""
    found = [f"np.{f}({a})" for f in UNARY.split() for a in OF_UNARY]
    found += [f"np.{f}({a})" for f in BINARY.split() for a in PAIRS.split()]
    found += [f"np.{f}{a}" for f in REDUCTIONS.split() for a in AXES.split()]
    found += OPTIONS
    found += [f"np.{f}({a})" for names, forms in FORMS.items() for f in names.split() for a in forms.split(";")]
    found += [f"{a}.{m}" for m in METHODS.split() for a in OF_METHODS]
    found += [f"{a}{k}" for k in INDICES.split() for a in ("A", "T", "x", "I", "F")]
    return list(dict.fromkeys(found + OPERATORS.split()))
