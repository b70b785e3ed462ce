"""Further calls of numpy's functions as texts, over the arrays of `numpy_sweep`: functions that it has not, the methods
of ufuncs, and more forms of those with many options.
"""

FORMS = {  # functions: the arguments of their calls, separated by semicolons
    "fft.fftshift fft.ifftshift":
        "x;A;A,axes=1;A,axes=(0,1);i;B;T,0",
    "kaiser":
        "5,s;1,s",
    "emath.sqrt emath.log emath.log2 emath.log10":
        "x;A;s;z**2",
    "emath.power":
        "x,2;x,y;x,0.5",
    "emath.logn":
        "2,x;3.0,A",
    "emath.arcsin emath.arccos emath.arctanh":
        "x;z/9",
    "lib.stride_tricks.sliding_window_view":
        "x,2;A,(2,2);A,2,axis=1;A,2,0;x,window_shape=3;T,(2,2),axis=(1,2);i,2;x,4;A,(2,),axis=(1,);"
        "x,2,writeable=False",
    "histogram2d":
        "x,y,[[0.0,0.5,1.0],[1.0,1.5,2.0]];x,y,2,[[0.0,1.0],[1.0,2.0]];"
        "x,y,bins=2,range=[[0.0,1.0],[1.0,2.0]],weights=z;x,y,[[0.0,0.5,1.0],[1.0,1.5,2.0]],density=True,weights=x;"
        "[0.1,0.6,0.7,0.8],[1.1,1.2,1.6,1.9],bins=2,range=[[0,1],[1,2]],weights=x",
    "histogramdd":
        "B[:,:2],bins=[[0.0,0.5,1.0],[0.0,0.5,1.0]];B[:,:2],2,[[0.0,1.0],[0.0,1.0]];"
        "[[0.1,0.2],[0.3,0.9],[0.6,0.6],[0.7,0.1]],2,[[0.0,1.0],[0.0,1.0]],weights=x",
    "histogram_bin_edges":
        "x,[0.0,0.5,1.0];x,4,(0.0,1.0);x,3;x;x,bins=3;A,2;i,2",
    "histogram":
        "x;x,3;x,bins=4,weights=y;A,3;x,[0.0,0.5,1.0],weights=y;x,[0.0,0.5,1.0],None,y;"
        "x,[0.0,0.5,1.0],density=True,weights=y;x,3,(0.0,1.0),True;x,np.linspace(0,1,4);x,3,density=True;"
        "x,bins=np.array([0.0,0.3,1.0]),weights=A[0]",
    "lexsort":
        "(x,y);(y,x);[i,j];(x,);A;(x,y),axis=0;(x,y),-1",
    "tril_indices_from triu_indices_from diag_indices_from":
        "S;P;I",
    "ix_":
        "[0,1],[1,2]",
    "unravel_index":
        "np.argmax(A),(3,4)",
    "spacing":
        "x;A;f;i;s;e",
    "frexp":
        "x;A;f;s;i;e;z;1e-310*x",
    "modf":
        "x;z*3;i;f;s;10*A",
    "nextafter":
        "x,y;x,np.inf;f,f;s,0",
    "ldexp":
        "x,2;x,i;f,h;s,3;A,i",
    "divmod":
        "z,0.3;5*A,r;i,j;x,[0.1,0.2,0.3,0.4];-z,y",
    "float_power":
        "i,-1;x,i;f,2",
    "gcd lcm":
        "i,j;i,6;I,4;h,h",
    "gcd.reduce lcm.reduce":
        "j;I;j,axis=0",
    "bitwise_and.reduce bitwise_or.reduce bitwise_xor.reduce":
        "j;I;I,1;b",
    "add.reduce":
        "x,0;x,axis=0,dtype=np.float32;f,dtype=float;A,axis=-1,keepdims=True;T,(1,2);e;s;M,axis=0;b;x,where=b;"
        "b,dtype=bool;A,axis=(0,),initial=s;[x,y];[x[0],x[1]]",
    "multiply.reduce":
        "x,0;A,axis=(0,1);e;i,dtype=float;f;b;T,axis=1,keepdims=True",
    "mod.reduce fmod.reduce floor_divide.reduce true_divide.reduce copysign.reduce":
        "x;A,axis=0;A,1",
    "fmax.reduce fmin.reduce":
        "n;x;A,axis=0;n,initial=0.1",
    "logaddexp2.reduce":
        "x;A",
    "heaviside.reduce":
        "x",
    "greater.reduce less_equal.reduce equal.reduce":
        "b;x",
    "power.accumulate arctan2.accumulate fmax.accumulate fmin.accumulate logaddexp2.accumulate mod.accumulate":
        "x;A,0;A,axis=1",
    "logical_and.accumulate logical_or.accumulate":
        "b;W,1",
    "bitwise_or.accumulate gcd.accumulate":
        "j",
    "add.accumulate":
        "i,dtype=float;b;f;A,axis=0,dtype=np.float32;x,0;T,2;e;[x,y]",
    "subtract.reduceat divide.reduceat logaddexp.reduceat fmax.reduceat minimum.reduceat hypot.reduceat":
        "x,[0,2];A,[0,2],1;x,[1]",
    "logical_or.reduceat":
        "b,[0,2]",
    "add.reduceat":
        "x,[0,2],dtype=np.float32;i,[0,2];x,[0,1,2,3];A,[0,2],axis=0;x,indices=[0,2];x,[3];T,[0,2],2;x,[0,2,1,3];"
        "A,np.array([0,1,3]),1",
    "mod.outer floor_divide.outer fmod.outer logaddexp.outer minimum.outer fmax.outer copysign.outer "
    "heaviside.outer nextafter.outer":
        "x,y;x,[0.3,0.5];A,x;s,y;x,2.0;e,x;u,o",
    "bitwise_and.outer gcd.outer left_shift.outer":
        "i,j;j,[1,2]",
    "greater.outer not_equal.outer logical_and.outer":
        "x,y;b,c;i,[1]",
    "float_power.outer ldexp.outer":
        "x,[1,2]",
    "add":
        "x,y,where=b,out=np.zeros(4);x,1,where=[True,False,True,True],out=y*1;x,y,out=np.zeros(4)",
    "sqrt log":
        "x,where=x>0.5,out=np.zeros(4);x,out=np.zeros(4)",
    "multiply":
        "x,y,dtype='d';x,y,dtype=float;i,j,dtype=np.float32,casting='unsafe';x,y,subok=True;x,y,order='F'",
    "linalg.norm":
        "A,None;A,None,0;A,None,(0,1);A,ord=None,axis=None,keepdims=True;T,axis=(2,0);T,'fro',(0,2);T,-np.inf,(0,1);"
        "T,2,(1,2),True;T,axis=0;T,3,0;T,0,1;T,ord=-1,axis=2;T,ord=0.5,axis=-1;Q,'nuc',(-2,-1);Q,2,axis=(1,2);"
        "Q,-2,axis=(1,2);x,'fro';x,'nuc';e;u;o;o,2;o,'nuc';M;M,axis=1;[1.0,2.0];[[x[0],x[1]],[y[0],y[1]]];"
        "x,ord=np.inf,axis=0,keepdims=True;x[None],2;x[:,None],1;W;b;W,1;h;A,ord=np.float64(2);A,ord='fro',axis=None;"
        "x,axis=(0,);f,np.inf;F,'nuc';F,1;x-x;A*0;z,-0.5;A,axis=-2;x+0*y,4;x,float('inf');T,keepdims=True;i,3;"
        "i,np.inf;I,2;I,'fro';I,1",
    "linalg.cond":
        "S,None;A;A,2;A,-2;B;Q,2;Q,'fro';Q,np.inf;o;P,1;A.T;S[None];F;P*1e3;Q,'nuc';S,float('inf')",
    "linalg.matrix_rank":
        "A;A,0.1;Q,None;o;S*0;A,rtol=None;Q,tol=1e-3;M;A[:2];Q,rtol=1e-3;P,hermitian=True,tol=0.1;x[:,None]",
    "linalg.multi_dot":
        "[A,B,A,B];[x,B];[A,x];[x[:3],A,x];[S,P,S];[A,B,P,A];(x,B,P,A,y);[P,P[0]];[x,y];[F,F.T];"
        "[A,np.ones((4,2)),np.ones((2,2))];[o,o,o]",
    "linalg.tensorinv":
        "T.reshape(2,3,6)[:,:,:]+np.eye(6).reshape(2,3,6);np.eye(6).reshape(6,2,3)*s,ind=1;Q[0],1;S,ind=1;"
        "np.eye(4).reshape(4,2,2)+0.1*s,1",
    "linalg.tensorsolve":
        "np.eye(6).reshape(2,3,6)+0.1*T.reshape(2,3,4)[:,:,:1],A[:2,:3];S,x[:3];"
        "np.eye(4).reshape(2,2,4)+0.1,x.reshape(2,2);np.eye(6).reshape(3,2,6)*2.0,B[:3,:2];"
        "np.eye(4).reshape(2,4,2)*r,x.reshape(2,2),(1,);np.eye(4).reshape(2,2,4)*s,x.reshape(2,2),axes=None",
    "linalg.matrix_power":
        "S,5;S,-3;Q,3;Q,-2;o,4;P,10;S@S,2;G,-1;I,-1;I,3;S,np.int64(2);S[None],2;M[:,:0],2",
    "linalg.pinv":
        "x[:,None];A,1e-10;Q,rcond=1e-12;A,rcond=[1e-10];T,rtol=1e-9;G;S,hermitian=False;A.T;P,1e-12,True;M;M.T",
    "linalg.lstsq":
        "B,x,1e-10;B,x,rcond=-1;A,x[:3],None;B,A.T,None;S,P,None;F.T,f,None;B,[1.0,2.0,3.0,4.0],None;"
        "np.ones((4,2))*s+B[:,:2],x;x[:,None],y,None",
    "linalg.slogdet linalg.det":
        "S[None];T[:,:,:3];S.T;P*s;G[None];Q[0];np.eye(3)*s;[[s,r],[r,s]];S*0;M[:,:0];-o;I[None];A@B;A.T@A+np.eye(4)",
    "linalg.inv":
        "S.T;Q[0];[[s,r],[r,2*s]];A@A.T;P-s*np.eye(3);I;S[None,None];F@F.T;np.diag(x)",
    "linalg.solve":
        "S,A;S.T,A[:,0];Q,A;Q,T;P,S.T;[[2.0,s],[s,r]],[1.0,2.0];np.diag(x),y;A@A.T,A;S,A[:,:1];I,A;P,i[:3];G,F;"
        "Q,T[:,:,:2];S,np.eye(3);Q[0],x[:3];Q[:,None],T;o,o;S[None],x[None,:3,None]",
    "linalg.qr":
        "B,mode='r';S,'r';T;T,'r';Q,'r';B,mode='complete';S;A.T,'complete';F;o;x[:,None];A[:,:3],'reduced'",
    "linalg.cholesky":
        "A@A.T;Q@Q.transpose(0,2,1),upper=True;A.T@A+np.eye(4);np.diag(x);o;[[2.0,s],[s,2.0]]",
    "linalg.eigvalsh":
        "A@A.T;S+S.T,'L';Q@Q.mT;o;np.diag(x)",
    "linalg.svdvals":
        "S;T;x[:,None];A.T;o",
    "linalg.svd":
        "A,compute_uv=False,hermitian=False;P,True,False,True;P,compute_uv=False,hermitian=True;T,False,False;"
        "x[:,None],compute_uv=False;S,compute_uv=0",
    "linalg.matrix_norm":
        "A,keepdims=False;Q,ord=-1;Q,ord=1;T,ord='nuc';o;S,ord=-2;F,ord=2;A,ord=np.inf,keepdims=True;P,ord='fro'",
    "linalg.vector_norm":
        "T;T,axis=(1,2);T,axis=(0,1,2),keepdims=True;z,ord=3;z,ord=2.5;z,ord=-1;z,ord=-2;T,axis=(0,2),ord=np.inf;"
        "A,ord=0;s;e;A,axis=None,ord=1;x,axis=0;i,ord=1;A,axis=-1,keepdims=True,ord=-np.inf",
    "linalg.trace linalg.diagonal":
        "Q;T;S,offset=1;A,offset=-2;F;S,dtype=np.float32",
    "linalg.outer":
        "x,y;f,f;x,u;e,x",
    "linalg.cross":
        "P,S,axis=-1;x[:3],y[:3];P.T,S.T,axis=0;I,I",
    "linalg.tensordot":
        "T,B,axes=([2],[0]);T,T,axes=([0,1,2],[0,1,2]);A,D;A,B,axes=1",
    "linalg.vecdot":
        "T,T;T,x;A,D,axis=0;x,y,axis=0",
    "linalg.matmul":
        "x,y;T,B;Q,Q[0]",
    "linalg.matrix_transpose":
        "Q;A",
    "take":
        "A,[0,2],1;T,[[0,1],[1,0]],axis=1;A,-1;A,[1,2,-1];x,[0,1],0,None,'wrap';x,7,mode='wrap';x,7,mode='clip';"
        "x,-7,mode='clip';A,[5,-5],axis=1,mode='wrap';T,0,-1;x,();i,i%4;A,np.array([[0]]),0;x,np.array(2);s,[0,0];"
        "T,[0],axis=None;x,b*1;A,slice(0,2),0;x,indices=2,axis=0;A,1,axis=np.int64(0);e,[];A,[True,False],0;x,(1,2);"
        "x,2,mode='raise';A,j%3,axis=0;x,s*0",
    "choose":
        "[1,0,1],[A[:,0],A[:,1]];[2,0,1,0],[x,y,z];[[0,1],[1,0]],[s,r];np.array([0,1,0,1]),[x,0.0];0,(x,y);"
        "[3,-1,0,1],[x,y],mode='clip';[5,1,0,-1],[x,y],mode='wrap';i%2,(x,y);b,(x,y);b*1,[x,y];"
        "[0,1,0,1],np.array([x,y]);[0,1,1,0],A[:2];i*0,[x]",
    "compress":
        "[True,False],x;b,A,axis=1;[1,0,1],A,0;b,x,axis=0;[False]*4,x;[True,True,False],A,axis=-2;b,i;"
        "condition=[True,False,True,True],a=x;x>0.5,x",
    "extract":
        "b,x;W,A;[True,False,True,True],y;x>0.5,x;x>0.0,x;condition=b,arr=x",
    "select":
        "[x>0.5,x>0.3],[x**2,y],default=0.0;[x>0.5,x>0.3,x>0.1],[1.0,2.0,3.0],-1.0;[b],[x],y;[b,c],[x,y],np.nan;"
        "[A>0.5],[A],default=x;[s>0.5],[s],0.0;(b,c),(x,y);[b],[A];[i>0,i<0],[i,-i],7;[True],[x];[b,c],[f,f];"
        "[x>2],[x],np.inf;[z>0],[np.log(np.abs(z))],0;[x<1],[s];condlist=[b],choicelist=[x],default=1.0;"
        "[b[:,None]],[S[0]];[x>0.5,True],[x,y]",
    "piecewise":
        "z,[z<-1,z>1],[-1,1,0];z,[z<0,z>=0],[lambda v:-v,lambda v:v**2];x,[x>0.5],[np.log];x,[x>0.5],[np.log,np.exp];"
        "A,[A<0.5,A>=0.5],[lambda t:t**2,1.0];x,x>0.5,[1.0,0.0];x,[b,c],[1.0,2.0,3.0];"
        "z,[z<0,z<1,z>=1],[lambda t:t,0.5,np.sqrt];s,[s<1],[np.sin];s,s<1,[np.sin,np.cos];x,[x<0.5,x>=0.5],[s,r];"
        "i,[i>0],[1];i,[i<0,i>=0],[lambda t:-t,lambda t:t];z,[z<0],[lambda t,k:k*t],3.0;z,[z<0],[lambda t,k:k*t],k=s;"
        "u,[u>0],[np.sqrt];x,condlist=[x>0.5],funclist=[np.log]",
    "apply_along_axis":
        "np.linalg.norm,1,A;np.std,0,A;lambda v:v[::-1],1,A;lambda v:v[0],0,A;np.cumsum,0,A;np.diff,1,A;"
        "lambda v:np.outer(v,v),1,A;np.max,2,T;np.mean,0,x;np.prod,-1,A;np.median,1,A;np.sort,0,A;lambda v:1.0,0,A;"
        "lambda v,k:v*k,0,A,2.0;np.interp,0,A,[0.0,1.0],[1.0,2.0];lambda v:v/v.sum(),1,A;np.convolve,1,A,[1.0,2.0];"
        "np.percentile,0,A,50;np.dot,1,A,x;np.ptp,0,A;np.argmax,0,A;func1d=np.sum,axis=0,arr=A;"
        "lambda v:[v[0],v[1]],1,A;np.var,0,A,ddof=1",
    "apply_over_axes":
        "np.max,T,(0,1);np.sum,A,[0,1];np.prod,T,1;np.mean,A,(0,1);np.median,T,[0];np.std,A,0",
    "trapezoid":
        "x,y,1.0,0;A,np.arange(4.0);A,x[:3],axis=0;T,axis=0;T,x;T,dx=2,axis=-1;A,D,axis=1;e;s;[x[0],x[1]],dx=0.5;x,i;"
        "x,x=[0,1,2,4];x,dx=0.1;A,x=np.arange(3.0),axis=0;b;A,D,axis=0",
    "gradient":
        "x,y;x,np.arange(4.0);A,x[:3],x;A,x[:3],x,axis=(0,1);A,1.0,x;x,edge_order=1;T;T,axis=0;T,0.5,1.0,2.0;"
        "A,2.0,axis=0,edge_order=2;T,axis=(0,2);A,np.array([0.0,1.0,3.0]),axis=0;x,s,edge_order=2;A.T;"
        "x**2,y,edge_order=2;A,x,axis=1;A,(1.0),axis=1;A,axis=(1,0);x,2;b;x,[0,1,2,4],edge_order=2;T,s,axis=-1;A,s,r",
    "interp":
        "x,y-1,z;0.5,y,x;1.3,y,x;[1.2,1.5],np.sort(y),x;s,np.array([0.0,1.0]),np.array([1.0,s]);x,[0,1],[0,1];"
        "x,[0.0,0.5,1.0],[1.0,3.0,2.0],0.0,0.0;A,np.linspace(0,1,4),y;7.0,[0.0,2.0],x[:2],period=3.0;"
        "z*5,[0.0,1.0,2.0],y[:3],period=3;x,xp=[0,1],fp=[2.0,3.0];s,u,u;T,[0.0,1.0],[s,r];"
        "x[::-1],[0.0,1.0],[5.0,6.0];np.nan,[0.0,1.0],[s,r];z,[0.0,1.0],[1.0,2.0],left=np.nan;2.0,np.cumsum(x),y;"
        "b,[0.0,1.0],[s,r];x,[0.0,0.5,0.5,1.0],y;s,np.arange(4),x;x,np.arange(4)/4,y,left=s,right=r",
    "cumulative_sum cumulative_prod":
        "s[None];T,axis=0;T,axis=-1,include_initial=True;A,axis=1,dtype=float;i,include_initial=True;"
        "f,dtype=np.float64;b,dtype=int;A[:0],axis=0;M,axis=1,include_initial=True;A.T,axis=1;h,include_initial=True;"
        "x[::-1]",
    "cumsum cumprod nancumsum nancumprod":
        "T;T,1;T,axis=(0);A,axis=None;n,0;A,dtype=np.float32,axis=1;[x,y];[x,y],1;h;s;b;W,0;A,0,float;"
        "np.array([n,n]),1;u;M,1",
    "pad":
        "x,(2,0),'reflect';x,(0,3),'symmetric';x,(1,2),'wrap';A,((1,1),(2,2)),'symmetric';A,((1,1),(2,2)),'edge';"
        "A,((1,2),(0,0)),'linear_ramp';A,1,'linear_ramp',end_values=((1,2),(3,4));"
        "A,1,'constant',constant_values=((1,2),(3,4));A,1,'median';A,(1,0),'minimum',stat_length=((1,2),(2,1));"
        "x,2,'median',stat_length=3;x,7,'symmetric';x,5,'reflect',reflect_type='even';"
        "x,2,'symmetric',reflect_type='odd';A,1,'reflect',reflect_type='odd';T,((0,0),(1,1),(0,2)),'wrap';"
        "T,(0,1),'edge';i,2,'mean';i,2,'linear_ramp';i,1,'median';i,2,'maximum';i,2,'reflect';u,2,'edge';"
        "u,2,'reflect';u,2,'wrap';x,((1,2));x,pad_width=1,mode='edge';x,(0,0),'reflect';A,0;A,((0,0),(0,0)),'edge';"
        "f,2,'mean';x,np.int64(2);A,[[1,2],[3,4]];A,{0:(1,2)};A,{-1:1};A,{1:2},'edge';x,1,constant_values=s;"
        "A,1,constant_values=((s,r),(r,s));x,2,'mean',stat_length=(1,2);x,2,'linear_ramp',end_values=s;"
        "x,2,'linear_ramp',end_values=(s,r);b,1,'edge';s,0,'edge';o,1,'symmetric';A,(1,),'reflect';A,((1,),),'wrap'",
    "sort":
        "T,axis=0;A[::-1],0;x,kind='quicksort';x,kind='heapsort';A,axis=1,kind='mergesort';s[None],axis=0;"
        "[x[1],x[0]];e;M,0;u;h;F;T,-2;T,None;b,kind='stable';A,axis=1,stable=True;x,-1,None,None;[x,y],0;n[:1];"
        "T,2,stable=False",
    "argsort":
        "T,axis=0;x,kind='quicksort';A,1,kind='stable';z,-1,'mergesort';e;u;b,kind='stable';f;[x[1],x[0]];"
        "i,stable=True;A,axis=0,stable=True;-x;n",
    "partition":
        "A,2,axis=1;A,(0,2),axis=1;x,0;x,3;A,-1;A,[0,1],0;T,1;i,1;f,2;x,kth=2,axis=0;x,1,kind='introselect';u,0",
    "argpartition":
        "x,0;z,3",
    "argmax argmin":
        "x;T;T,axis=0;T,axis=(1);T,2,keepdims=True;e;u;s;h;[x[0],x[1]];A.T,1;n;A,axis=-1,keepdims=True;b;"
        "A,axis=None,keepdims=True",
    "searchsorted":
        "[0.2,0.5,0.8],A;np.cumsum(x),1.0;np.cumsum(x),y,side='right';np.sort(x),x;"
        "np.arange(4),i;[1,2,3],s;np.sort(A,None),s;a=np.sort(x),v=y,side='left'",
    "digitize":
        "A,[0.2,0.5];x,np.sort(y)-1;s,[0.2,0.5],right=True;x,bins=[0.5];x,[0.9,0.5,0.1],right=True;f,[0.2,0.5];"
        "i,[-1,1,3];z,np.array([0.0]);[0.3,0.6],np.sort(x);T,[0.5]",
    "bincount":
        "j;j,x;j,weights=x,minlength=8;j,minlength=3;i+1;i+1,y;np.array([0,0,1,1]),f;[0,1,2,1],i;j,x,0;h+1;"
        "[0,1],[s,r];(x>0.5)*1;(x*3).astype(int);(x*3).astype(int),y",
    "cov":
        "T[0];x;x,x;A,rowvar=False,bias=True;A,ddof=1,rowvar=False;A,y=D;A,D,rowvar=False;A,D,False;i;"
        "A,fweights=[1,1,2,2],aweights=x;x,y,ddof=0;A,rowvar=True;f;s;A,dtype=np.float32;[x,y];[x,y],rowvar=False;"
        "A[:1];x,aweights=y;A,None,True,False,0;u",
    "corrcoef":
        "x,y;A,rowvar=False;[x,y];T[0];A,D;x;A,D,rowvar=False;f,f;x,z;A,dtype=np.float32;x[None],y[None]",
    "average":
        "x,0;A,(0,1);T,axis=(0,1);T,axis=(0,1),weights=T[:,:,0];T,1,weights=[1.0,2.0,3.0];x,weights=x;"
        "A,axis=0,weights=x[:3],returned=True;x,weights=y,returned=True;A,keepdims=True;A,axis=1,keepdims=True;"
        "A,weights=A,keepdims=True;b;b,weights=x;h,weights=h;[x[0],x[1]],weights=[1.0,s];A,-1,weights=y;"
        "x,weights=[1,0,0,1];T,weights=T;A,axis=0;[1.0,2.0,3.0,4.0],weights=x;s",
    "median nanmedian":
        "T;T,axis=(0,1);A,(0,1);A,0,None,False,True;n,0;x[:3];T,axis=-1,keepdims=True;[x[0],x[1],s];u;o;f;h;i;I;"
        "A,axis=1,overwrite_input=True;T,axis=None,keepdims=True;W;b;e;M;A[:,:3],1;np.array([n,n]),axis=1",
    "quantile nanquantile":
        "T,0.5,axis=(0,1);x,s*0+0.5;A,0.5,axis=-1,keepdims=True;A,[0.1,0.5,0.9];A,[0.1,0.9],0;x,np.linspace(0,1,5);"
        "n,[0.2,0.4];x,0.5,method='linear';x,0.3,method='higher';x,0.3,method='weibull';"
        "x,0.3,method='interpolated_inverted_cdf';x,0.3,method='closest_observation';"
        "x,0.3,method='averaged_inverted_cdf';x,0.3,method='normal_unbiased';x,0.3,method='inverted_cdf';"
        "A,0.3,None,None,False,'lower';A,0.25,axis=(0,),keepdims=True;i,[0.25,0.75];T,0.3,axis=1,method='nearest';"
        "A,(0.2,0.8);A,[[0.2,0.8]],axis=0;x,1.0;x,0;x,q=0.5;[x[0],x[1]],0.5;A,0.5,1,weights=x,method='inverted_cdf';"
        "x,[0.3],weights=[1,2,1,1],method='inverted_cdf';x,s;x,[s,0.2];T,0.1,-2;b*1.0,0.5;h,0.3;F,0.5,0;f,[0.1,0.2]",
    "percentile nanpercentile":
        "x,50;x,[25,50,75];A,50,0;A,[5,95],axis=1;A,q=30,axis=0,keepdims=True;T,75,(0,2);i,40;f,10;n,50;"
        "x,50.0,method='midpoint';A,(25,75),-1;x,np.array(50);x,100;x,0;x,33,method='nearest';"
        "A,[10,20],axis=(0,1),keepdims=True;x,s*50;np.array([n,n]),30,axis=1",
    "nansum nanprod nanmean nanmax nanmin nanstd nanvar":
        "n,axis=0;np.array([n,n]),axis=0;np.array([n,x]),1;n,keepdims=True;np.array([n,x]),axis=1,keepdims=True;"
        "T,axis=(0,1);[n[0],n[1]];n[1:2];n,where=b;np.stack([n,n]);x/x",
    "nanargmax nanargmin":
        "n,0;np.array([n,x]),1;np.array([n,x]);n,keepdims=True;x",
    "ptp":
        "A,0;T,axis=(0,1);A,axis=1,keepdims=True;i;f;u",
    "std var":
        "T;T,(0,2);T,axis=0,keepdims=True;[x,y],0;[x[0],x[1]];h;b;W;A,axis=0,ddof=1;x,0,float;x,0,None,None,1;"
        "A,1,None,None,1,True;A,correction=1.0,axis=0;e;u,ddof=1;f,dtype=np.float64;"
        "A,axis=(0,1),ddof=2,keepdims=True;T,axis=(-1,-2);A,dtype=np.float32;x,mean=s;A,where=W,axis=1;A,where=x>0.5",
    "unique":
        "x;i;I;x,return_index=True;i,return_counts=True;i,return_inverse=True;I,True,True,True;h;f;"
        "np.concatenate([x,x])",
    "union1d intersect1d setdiff1d setxor1d":
        "x,y;i,j;x,x;i,i[:2];x,[0.5];x,np.append(x,y)",
    "trim_zeros":
        "x,'f';i*(i>0);np.array([0,0,1,0])*x;A*0;x,'b'",
    "nanquantile":
        "n,s;n,[s,0.3];A,s,axis=0;T,s,axis=(0,2)",
    "polyint":
        "x,2,[s,r];x,2,y[:2]",
    "divide true_divide":
        "b,2;W,A;b,i;i,b;f,b",
    "diagflat":
        "[x[0],x[1]]",
}  # fmt: skip


def cases() -> list[str]:
    """Every call, once."""
    calls = [f"np.{f}({a})" for names, forms in FORMS.items() for f in names.split() for a in forms.split(";")]
    return list(dict.fromkeys(calls))
